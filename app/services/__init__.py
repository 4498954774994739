"""Verbs: one function, one transaction, an actor; the only writers of tickets, calls, ratings, evaluations and accounts."""
