"""Invented village contracts with their gold: phrasings, generator, scorer."""
