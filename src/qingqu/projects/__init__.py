"""Projects: one strip from approval to completion, each cell with its source."""
