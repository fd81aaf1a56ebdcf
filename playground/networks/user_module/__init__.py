"""PyTorch modules of the user, wrapped so that they can be trained here."""
