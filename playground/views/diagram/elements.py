"""Two HoloViews elements for the diagram: Bézier links, and several images in one glyph."""

from __future__ import annotations

from typing import Any, ClassVar

import holoviews as hv
import numpy as np
import numpy.typing as npt
import param
from bokeh.models import LinearColorMapper
from holoviews.element.annotation import Annotation
from holoviews.plotting.bokeh.annotation import AnnotationPlot
from holoviews.plotting.bokeh.element import ElementPlot
from holoviews.plotting.bokeh.geometry import SegmentPlot
from holoviews.plotting.bokeh.styles import base_properties, line_properties


class BezierLinks(hv.Segments):  # type: ignore[misc]  # HoloViews ships without type hints
    """Curves between two points each, horizontal at both ends, each with its width and opacity."""

    group = param.String(default="Links", constant=True)
    vdims = param.List(
        default=[hv.Dimension(name) for name in ("cx0", "cx1", "width", "alpha")],
        doc="Horizontal positions of the control points, line width in pixels, opacity.",
    )


class BezierLinksPlot(SegmentPlot):  # type: ignore[misc]
    """Draws links with one Bézier glyph; its columns have the names of the dimensions."""

    style_opts: ClassVar[list[str]] = base_properties + line_properties
    _plot_methods: ClassVar[dict[str, str]] = {"single": "bezier"}

    def get_data(
        self, element: BezierLinks, ranges: dict[str, Any], style: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
        """Return columns, the column of each glyph property, and the style."""
        columns = {each.name: element.dimension_values(each) for each in element.dimensions()}
        control = {"cy0": "y0", "cy1": "y1"}
        ends = {name: name for name in ("x0", "y0", "x1", "y1", "cx0", "cx1")}
        return columns, {**ends, **control, "line_width": "width", "line_alpha": "alpha"}, style


class PaletteImages(Annotation):  # type: ignore[misc]
    """Several images of palette indices in one glyph, each with its position and size.

    The data are the columns: lists of equal length, `image` of uint8 arrays, lowest row first,
    `x`, `y`, `dw` and `dh` of numbers.
    """

    group = param.String(default="Pictures", constant=True)

    def dimension_values(
        self, dimension: str | hv.Dimension, expanded: bool = True, flat: bool = True
    ) -> npt.NDArray[np.float64]:
        """Values of one dimension, shape (n,)."""
        return np.asarray(self.data[self.get_dimension(dimension).name], np.float64)


class PaletteImagesPlot(ElementPlot, AnnotationPlot):  # type: ignore[misc]
    """Draws images with one Image glyph; its handle `color_mapper` has the palette."""

    style_opts: ClassVar[list[str]] = [*base_properties, "palette"]
    _plot_methods: ClassVar[dict[str, str]] = {"single": "image"}
    selection_display = None

    def get_data(
        self, element: PaletteImages, ranges: dict[str, Any], style: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
        """Return columns, the column of each glyph property, and the style.

        The palette is taken out of the style, which the glyph does not know: the mapper has it.
        """
        palette = style.pop("palette")
        mapper = self.handles.setdefault("color_mapper", LinearColorMapper(low=0, high=255))
        mapper.palette = palette
        mapping = {name: name for name in ("image", "x", "y", "dw", "dh")}
        return dict(element.data), mapping, {**style, "color_mapper": mapper}


hv.Store.register({BezierLinks: BezierLinksPlot, PaletteImages: PaletteImagesPlot}, "bokeh")
