"""Running: runs one by one and many at once."""
