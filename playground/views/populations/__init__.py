"""Views of populations: many networks side by side."""
