"""What the networks of a sweep learn, what varies, and what they have in common."""
