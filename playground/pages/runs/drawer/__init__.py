"""The drawer of saved runs, of files to save, and of code."""
