"""Training in slices beside an event loop, and sending frames no faster than they are painted."""
