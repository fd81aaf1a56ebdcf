"""Uploads of a user's CSV files, tables and points, and the choices about them."""
