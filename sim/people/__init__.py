"""People: who lives here, of what they fall ill, and what they need on which day."""
