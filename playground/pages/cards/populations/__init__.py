"""Populations on pages: many starts of the network that a page shows."""
