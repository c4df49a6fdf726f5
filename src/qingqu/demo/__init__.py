"""The invented county 明山县 (990101): its departments' files in their senders' own layouts, its people, and a stated
list of irregularities among plausible noise. Part of the product: `qingqu demo`."""
