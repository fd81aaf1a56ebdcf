"""Tables of the user: CSV files of points, and DataFrames, arrays or tensors as problems."""
