"""Divisions, organisations, people and posts; `access` is the one table that says who may do what."""
