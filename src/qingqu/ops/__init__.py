"""Keeping the platform running: its home, its checks, its clockwork."""
