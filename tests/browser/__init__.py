"""Tests in a real browser, on the demo district, as its people use it."""
