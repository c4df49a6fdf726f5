"""Departments' files in: datasets and their contracts, imports, and the lake of immutable snapshots."""
