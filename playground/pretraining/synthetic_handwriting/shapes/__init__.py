"""The shapes of digits, one module each, and of letters and doodles."""
