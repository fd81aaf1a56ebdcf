"""The cards of the pages Gates, Points and own data."""
