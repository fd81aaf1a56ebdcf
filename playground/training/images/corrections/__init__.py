"""Images relabelled by the user: stored, and trained on at once."""
