"""The table of all runs, and its filter."""
