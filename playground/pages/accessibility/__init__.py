"""Use of the pages by keyboard and screen reader: names, focus, keys, and the network as a list."""
