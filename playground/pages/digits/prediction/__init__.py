"""What the classifiers predict for the drawing, and why."""
