"""Language: every message in English and Chinese."""
