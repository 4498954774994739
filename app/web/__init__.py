"""Doors for people: sign-in, navigation, pages that are not generated, and the frame around all of them."""
