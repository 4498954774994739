"""The rules alone: no database, no web, no clock but the one handed in."""
