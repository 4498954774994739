"""Things other people made that we ship: the fonts of the printed page, with licence, origin and hash."""
