"""Modules brought by the user, made trainable here."""
