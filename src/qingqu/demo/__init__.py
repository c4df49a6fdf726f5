"""The invented county 明山县 (990101): departments' files in their own layouts, with stated irregularities."""
