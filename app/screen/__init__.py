"""Screen: tables, progress and stories on a terminal."""
