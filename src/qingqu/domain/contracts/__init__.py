"""Contracts: a text becomes elements by our own grammar, elements become risks by rules that are data."""
