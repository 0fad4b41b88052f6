"""Reading: a file becomes a checked object; every fault has its file, line, value and what was wanted."""
