"""Documents as text with places: spreadsheets so far. Knows no web framework and no clock."""
