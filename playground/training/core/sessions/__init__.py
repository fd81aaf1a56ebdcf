"""One run of training: how it goes on, and what it remembers of the way it has come."""
