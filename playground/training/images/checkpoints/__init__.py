"""The past of an image classifier: the network of a checkpoint, and the way through its weights."""
