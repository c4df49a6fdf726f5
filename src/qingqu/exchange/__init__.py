"""Departments' files in: contracts, imports, and the lake of immutable snapshots."""
