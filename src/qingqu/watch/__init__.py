"""Rules from packs, runs over the lake, and the warnings that they raise."""
