"""Jobs of the print wing: what it makes in the background, one file each, found by listing this folder."""
