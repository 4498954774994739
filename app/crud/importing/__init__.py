"""Bringing files in: guarded, read, planned, shown, written all or not at all, and undone as a whole."""
