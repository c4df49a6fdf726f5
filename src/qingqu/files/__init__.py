"""Stored evidence, addressed by content: once written, never changed."""
