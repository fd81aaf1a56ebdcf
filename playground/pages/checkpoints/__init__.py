"""Checkpoints on the page: look back at them, replay them, compare them, continue from one."""
