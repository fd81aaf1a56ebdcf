"""The trials of `playground sweep` on the page Compare."""
