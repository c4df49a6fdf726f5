"""Papers: what stands on which page and where, and one paper against another."""
