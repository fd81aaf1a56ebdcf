"""Functions, layers and arrays of PyTorch as what a browser evaluates."""
