"""What learns: dense networks, written down, built, grown and asked."""
