"""What is set, logged, counted and saved once for a whole process."""
