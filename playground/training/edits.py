"""Compatibility: edits of single weights were imported from here until `training/dense/edits`.

`Place` is `ParameterRef` now.
"""

from playground.training.dense.edits import Edit, Freeze, FreezeLayer, SetValue
from playground.training.dense.edits import ParameterRef as Place

__all__ = ["Edit", "Freeze", "FreezeLayer", "Place", "SetValue"]
