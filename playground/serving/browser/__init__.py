"""What is sent to a browser, how fast, and what comes back from it."""
