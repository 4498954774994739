"""Reads: who sees which rows, the facts behind figures, the figures of evaluations; nothing here writes."""
