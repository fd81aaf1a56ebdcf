"""The first import path of the functions that read and write tables of points."""

from playground.problems.tables.csv.points_csv import column_names as columns
from playground.problems.tables.csv.points_csv import read_points, write_points

__all__ = ["columns", "read_points", "write_points"]
