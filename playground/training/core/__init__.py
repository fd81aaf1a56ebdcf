"""What all trainers share: losses, optimisers, schedules, checkpoints, history, diagnosis."""
