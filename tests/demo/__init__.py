"""The demo district: its data hang together, and its year is believable and always the same."""
