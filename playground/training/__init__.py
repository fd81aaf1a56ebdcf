"""Training: trainers, their sessions, engines, losses, optimisers and schedules."""
