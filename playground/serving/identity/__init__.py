"""Whose session it is: signed in, or known by a signed cookie."""
