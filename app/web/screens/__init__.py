"""Screens that extend a generated one: one file each, found by listing this folder."""
