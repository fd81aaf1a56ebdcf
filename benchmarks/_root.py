"""Lets benchmarks use what the browser tests use; import it before anything in `tests`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
