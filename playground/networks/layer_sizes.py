"""A parameter for the sizes of layers."""

from __future__ import annotations

from collections.abc import Sequence

import param

from playground.errors import InputError


class LayerSizes(param.List):  # type: ignore[type-arg]  # Param takes a type only from 2.4 on
    """A list of layer sizes, each a whole number from 1 to `maximum`.

    Parameters
    ----------
    default : list of int
    maximum : int
    unit : str
        What a layer has so many of, as in "neurons".
    bounds : (int, int)
        Fewest and most layers.
    doc : str
    """

    __slots__ = ["maximum", "unit"]

    def __init__(
        self, default: list[int], *, maximum: int, unit: str, bounds: tuple[int, int], doc: str
    ) -> None:
        self.maximum, self.unit = maximum, unit
        super().__init__(default=default, item_type=int, bounds=bounds, doc=doc)

    def _validate_value(self, value: Sequence[object], allow_None: bool) -> None:  # noqa: N803
        super()._validate_value(value, allow_None)
        for size in value:
            whole = isinstance(size, int) and not isinstance(size, bool)
            if not whole or not 1 <= size <= self.maximum:  # type: ignore[operator]
                raise InputError(
                    f"A layer can have 1 to {self.maximum} {self.unit}, a whole number, "
                    f"not {size!r}."
                )
