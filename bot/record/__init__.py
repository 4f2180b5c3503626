"""Decisions into what is kept of them, and that into the same decisions again."""
