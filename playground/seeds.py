"""The range of seeds, which begin all that is random: samples, weights, batches, directions."""

MAX_SEED = 2**31 - 1
"""Largest seed: what fits a signed number of 32 bits, as NumPy, PyTorch and Optuna all take."""


def next_seed(seed: int, distance: int = 1) -> int:
    """Return the seed that many after another one; after the largest comes 0."""
    return (seed + distance) % (MAX_SEED + 1)
