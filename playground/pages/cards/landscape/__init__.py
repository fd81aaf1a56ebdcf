"""The loss landscape of the network of a page."""
