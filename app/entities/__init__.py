"""The tables: one file each, columns declared with everything the kit derives from them; listing this folder finds them."""
