"""Lessons on the pages: a card with which pupils take part, and the page of the teacher."""
