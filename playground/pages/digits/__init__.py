"""The page on which networks learn to read pictures, and read what is drawn."""
