"""Sweeps of trials: whole trainings with settings of a space, on dask.distributed."""
