"""Invented contracts as papers: set, printed, spoiled. Serves `bench/reading.py`."""
