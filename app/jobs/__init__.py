"""Jobs: what is done in the background, one file each, found by listing this folder, and the workers that do it."""
