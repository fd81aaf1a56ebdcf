"""Training whose steps a worker of dask.distributed takes, in another process or machine."""
