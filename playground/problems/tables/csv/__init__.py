"""CSV files: their delimiters and numbers, their columns, and the points in them."""
