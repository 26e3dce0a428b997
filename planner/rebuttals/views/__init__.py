"""Pages of rebuttals: the review queue, the editor, the review of one text, the cleared lines."""
