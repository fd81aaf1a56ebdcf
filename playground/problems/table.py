"""Compatibility: tables of points were read and written here until `problems/tables/csv`."""

from playground.problems.tables.csv.points_csv import column_names as columns
from playground.problems.tables.csv.points_csv import read_points, write_points

__all__ = ["columns", "read_points", "write_points"]
