"""The shape of a scenario: frozen, closed objects, a sentence under every number."""
