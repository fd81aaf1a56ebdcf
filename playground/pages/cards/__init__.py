"""Cards of the pages about small dense networks."""
