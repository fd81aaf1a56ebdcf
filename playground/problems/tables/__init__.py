"""The user's own tables: CSV files and data frames."""
