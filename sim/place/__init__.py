"""Place: towns, villages, facilities and roads, and which facilities each village can choose among."""
