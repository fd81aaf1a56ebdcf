"""The page of points in a plane: its card, and the brush that paints them."""

from playground.pages.points.points_page import PointsPage

__all__ = ["PointsPage"]
