"""Comparing: runs under common luck, and what differs between them."""
