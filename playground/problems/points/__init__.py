"""Points in the plane: generated point clouds, editable point sets, and features."""
