"""The cards about the network in training: data set, network, progress, weights, details."""
