"""Points in the plane: generated shapes, points painted by hand, features."""
