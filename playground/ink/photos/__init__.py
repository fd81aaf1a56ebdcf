"""Digits found in photos and other image files."""
