"""What a server shows besides the pages: documentation, notebooks, signing in, errors."""
