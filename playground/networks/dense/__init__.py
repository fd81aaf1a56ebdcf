"""Networks of dense layers: their plan, parameters, activations, and how they grow."""
