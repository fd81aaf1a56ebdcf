"""Cards of tabs, and tabs that several pages have."""
