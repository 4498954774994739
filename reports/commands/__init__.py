"""Commands that print: one file each, as in app.commands."""
