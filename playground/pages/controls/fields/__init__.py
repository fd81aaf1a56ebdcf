"""Fields that set the parameters of problems, networks and training."""
