"""Dense networks: plans, parameters, activations, forward pass, and growth."""
