"""Corrections: pictures labelled by the user, stored, and learned at once by fine-tuning."""
