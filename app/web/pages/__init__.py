"""Pages for people that are not generated: one file each, found by listing this folder."""
