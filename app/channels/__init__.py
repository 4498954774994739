"""Intake channels: each turns what it receives into a report or a ticket's history, in one file."""
