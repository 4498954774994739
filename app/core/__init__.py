"""Plumbing that knows no business: database, transactions, clock, languages, files, actors."""
