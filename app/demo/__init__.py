"""The demo district: Gulou, Fuzhou, as data files, and a year of tickets made up from a seed."""
