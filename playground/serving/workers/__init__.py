"""Several processes that serve the same pages: what they share, and who serves which page."""
