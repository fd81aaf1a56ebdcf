"""Going back in time: looking at what was, playing it again, going on from there."""
