"""Engines at work: real processes, a real broker, real databases."""
