"""Store: run folders, and what they were made from."""
