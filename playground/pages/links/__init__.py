"""Links that restore a page, and the address bar that follows it."""
