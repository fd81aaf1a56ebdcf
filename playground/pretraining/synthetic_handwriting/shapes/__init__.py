"""The shapes in which digits and scribbles are written, one module a digit."""
