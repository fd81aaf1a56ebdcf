"""The page Compare: networks that differ in one or two settings, side by side."""
