"""Coverage for people: the gap board, and the editor of what is required."""
