"""The tests, in folders named after the parts of `playground`; `support` is what they share."""
