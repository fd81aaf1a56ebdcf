"""The tests, and what they stand on: `browser`, `server` and `page_watch`."""
