"""CSV files as people have them: what is read of a text, and what is said about it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.problems import read_points
from playground.problems.points.point_set import PointSet
from playground.problems.tables.column_choice import default_columns
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.csv.csv_table import open_csv


def read(data: str | bytes, choices: CsvChoices | None = None) -> PointSet:
    """Read points from the columns that are offered first."""
    data = data if isinstance(data, bytes) else data.encode()
    return read_points(data, *default_columns(open_csv(data, choices)), choices=choices)


def scale(values: list[float], reach: float = 5.0) -> np.ndarray:
    """Scale values as points are, written in another way than in the package."""
    return np.interp(values, [min(values), max(values)], [-reach, reach])


@dataclass(frozen=True)
class Table:
    """What a text holds: the names of all columns, and the columns that are offered first."""

    columns: str
    x: list[float]
    y: list[float]
    labels: list[str]
    remark: str = ""
    choices: CsvChoices = field(default_factory=CsvChoices)

    @property
    def names(self) -> list[str]:
        """The names of all columns."""
        return self.columns.split("\n" if "\n" in self.columns else "|")


ONE_TWO = [1.0, 3.0, 2.0], [2.0, 4.0, 1.0], ["a", "b", "a"]
DECIMALS = [1.5, 3.25, 0.5], [2.5, -1.5, 1.25], ["a", "b", "a"]
THOUSANDS = [1234.5, 12.0, 2345678.0], [1.5, 2.5, 0.5], ["a", "b", "a"]
UNNAMED = "column 1|column 2|column 3"

UNDERSTOOD: dict[str, tuple[str | bytes, Table]] = {
    # Separators ---------------------------------------------------------------------------------
    "commas": ("x,y,label\n1,2,a\n3,4,b\n2,1,a\n", Table("x|y|label", *ONE_TWO)),
    "semicolons": ("x;y;label\n1;2;a\n3;4;b\n2;1;a\n", Table("x|y|label", *ONE_TWO)),
    "tabs": ("x\ty\tlabel\n1\t2\ta\n3\t4\tb\n2\t1\ta\n", Table("x|y|label", *ONE_TWO)),
    "bars": ("x|y|label\n1|2|a\n3|4|b\n2|1|a\n", Table("x|y|label", *ONE_TWO)),
    "blanks": ("x y label\n1 2 a\n3 4 b\n2 1 a\n", Table("x|y|label", *ONE_TWO)),
    "aligned": (
        "  x   y  label\n  1   2  a\n  3   4  b\n  2   1  a\n",
        Table("x|y|label", *ONE_TWO),
    ),
    "tabs and blanks": ("x \t y \tl\n1 \t 2\ta\n3\t4\tb\n2\t 1 \ta\n", Table("x|y|l", *ONE_TWO)),
    "quoted among blanks": (
        'x y l\n1 2 "a b"\n3 4 c\n',
        Table("x|y|l", [1, 3], [2, 4], ["a b", "c"]),
    ),
    "blanks after commas": (
        'x, y, label\n1, 2, "a, b"\n3, 4, c\n',
        Table("x|y|label", [1, 3], [2, 4], ["a, b", "c"]),
    ),
    "blanks around semicolons": (
        "x ; y ; label\n1,5 ; 2,5 ; a\n3,25 ; -1,5 ; b\n0,5 ; 1,25 ; a\n",
        Table("x|y|label", *DECIMALS),
    ),
    "lists in cells of a comma file": (
        'x,y,l\n1,2,"p;q;r"\n3,4,"p;r;q"\n',
        Table("x|y|l", [1, 3], [2, 4], ["p;q;r", "p;r;q"]),
    ),
    "commas in a label of a semicolon file": (
        "x;y;city\n1,5;2,5;Bern, CH\n3,25;-1,5;Rom, IT\n0,5;1,25;Bern, CH\n",
        Table("x|y|city", *DECIMALS[:2], ["Bern, CH", "Rom, IT", "Bern, CH"]),
    ),
    "Excel's line": ("sep=;\nx;y;label\n1,5;2,5;a\n3,25;-1,5;b\n0,5;1,25;a\n",
        Table("x|y|label", *DECIMALS)),
    "Excel's line, quoted": ('"sep=,"\r\nx,y,l\r\n1,2,a\r\n3,4,b\r\n2,1,a\r\n',
        Table("x|y|l", *ONE_TWO)),
    "Excel's line for tabs": ("SEP=\t\nx\ty\tl\n1\t2\ta\n3\t4\tb\n2\t1\ta\n",
        Table("x|y|l", *ONE_TWO)),
    "a column called sep": ("sep,y,l\n1,2,a\n3,4,b\n2,1,a\n", Table("sep|y|l", *ONE_TWO)),
    "bars that are none": ("x,y,l|u|v\n1,2,p|5|7\n3,4,q|6|8\n",
        Table("x\ny\nl|u|v", [1, 3], [2, 4], ["p|5|7", "q|6|8"],
            choices=CsvChoices(separator=","))),
    # Decimal and thousands marks ----------------------------------------------------------------
    "decimal commas": ("x;y;l\n1,5;2,5;a\n3,25;-1,5;b\n0,5;1,25;a\n", Table("x|y|l", *DECIMALS)),
    "decimal commas and tabs": ("x\ty\tl\n1,5\t2,5\ta\n3,25\t-1,5\tb\n0,5\t1,25\ta\n",
        Table("x|y|l", *DECIMALS)),
    "decimal commas and blanks": ("1,5 2,5 a\n3,25 -1,5 b\n0,5 1,25 a\n",
        Table(UNNAMED, *DECIMALS)),
    "quoted decimal commas": ('x,y,l\n"1,5","2,5",a\n"3,25","-1,5",b\n"0,5","1,25",a\n',
        Table("x|y|l", *DECIMALS)),
    "decimal points and semicolons": ("x;y;l\n1.5;2.5;a\n3.25;-1.5;b\n.5;1.25;a\n",
        Table("x|y|l", *DECIMALS)),
    "a minus sign of typography": ("x;y;l\n1,5;2,5;a\n3,25;−1,5;b\n0,5;1,25;a\n",
        Table("x|y|l", *DECIMALS)),
    "thousands commas": ('x,y,l\n"1,234.5",1.5,a\n12,2.5,b\n"2,345,678",0.5,a\n',
        Table("x|y|l", *THOUSANDS)),
    "thousands points": ("x;y;l\n1.234,5;1,5;a\n12;2,5;b\n2.345.678;0,5;a\n",
        Table("x|y|l", *THOUSANDS)),
    "thousands blanks": ("x;y;l\n1 234,5;1,5;a\n12;2,5;b\n2\u202f345\u202f678;0,5;a\n",
        Table("x|y|l", *THOUSANDS)),
    "thousands apostrophes": ("x;y;l\n1'234.5;1.5;a\n12;2.5;b\n2’345’678;0.5;a\n",
        Table("x|y|l", *THOUSANDS)),
    "thousands, told by the other column": ("x;y;l\n1.234;1,5;a\n2.345;2,5;b\n",
        Table("x|y|l", [1234, 2345], [1.5, 2.5], ["a", "b"])),
    "thousands, told by nothing": ('x,y,l\n"1,234",1,a\n12,2,b\n',
        Table("x|y|l", [1234, 12], [1, 2], ["a", "b"], "'1,234' was read as 1234")),
    "three decimals, told by nothing": ("x;y;l\n1,234;1;a\n2,5678;2;b\n",
        Table("x|y|l", [1.234, 2.5678], [1, 2], ["a", "b"])),
    "three decimals only": ("x;y;l\n1,234;1;a\n2,567;2;b\n",
        Table("x|y|l", [1.234, 2.567], [1, 2], ["a", "b"], "'1,234' was read as 1.234")),
    "three decimals, no thousands": ("x;y;l\n0,234;1;a\n2,567;2;b\n",
        Table("x|y|l", [0.234, 2.567], [1, 2], ["a", "b"])),
    "three decimals and commas": ("x,y,l\n1.234,1,a\n22.567,2,b\n",
        Table("x|y|l", [1.234, 22.567], [1, 2], ["a", "b"])),
    "thousands, given": ("x;y;l\n1,234;1;a\n2,567;2;b\n",
        Table("x|y|l", [1234, 2567], [1, 2], ["a", "b"], choices=CsvChoices(decimal="."))),
    "each column has its own mark": ("x;y;l\n1.5;2,5;a\n3.25;-1,5;b\n0.5;1,25;a\n",
        Table("x|y|l", *DECIMALS)),
    "exponents": ("x,y,l\n1.5e0,25E-1,a\n3.25,-1.5,b\n5e-01,+1.25,a\n", Table("x|y|l", *DECIMALS)),
    "percent signs": ("x,y,l\n150%,2.5,a\n325 %,-1.5,b\n50%,1.25,a\n", Table("x|y|l", *DECIMALS)),
    # Header -------------------------------------------------------------------------------------
    "iris": ("5.1,3.5,1.4,0.2,Iris-setosa\n7.0,3.2,4.7,1.4,Iris-versicolor\n"
        "4.9,3.0,1.4,0.2,Iris-setosa\n",
        Table("column 1|column 2|column 3|column 4|column 5", [5.1, 7.0, 4.9], [3.5, 3.2, 3.0],
            ["Iris-setosa", "Iris-versicolor", "Iris-setosa"])),
    "no header, label first": ("a,1,2\nb,3,4\na,2,1\n", Table(UNNAMED, *ONE_TWO)),
    "no header, decimal commas": ("1,5;2,5;0\n3,25;-1,5;1\n0,5;1,25;0\n",
        Table(UNNAMED, *DECIMALS[:2], ["0", "1", "0"])),
    "no header, a gap in the first row": (",2,a\n1,2,a\n3,4,b\n2,1,a\n",
        Table(UNNAMED, *ONE_TWO, "1 of 4 rows")),
    "no header, NA in the first row": ("NA,NA,a\n1,2,a\n3,4,b\n2,1,a\n",
        Table(UNNAMED, *ONE_TWO, "1 of 4 rows")),
    "a column called Na": ("Na,Mg,type\n1,2,a\n3,4,b\n2,1,a\n", Table("Na|Mg|type", *ONE_TWO)),
    "names that are all missing words but for one": ("NA,high,l\n1,2,a\n3,4,b\n2,1,a\n",
        Table("NA|high|l", *ONE_TWO)),
    "a header above gaps": ("x,y,l\n,2,a\n1,2,a\n3,4,b\n2,1,a\n",
        Table("x|y|l", *ONE_TWO, "1 of 4 rows")),
    "columns 0, 1, 2 of pandas": (",0,1,label\n0,1.5,2.5,a\n1,3.25,-1.5,b\n2,0.5,1.25,a\n",
        Table("column 1|0|1|label", *DECIMALS)),
    "years": ("place,1990,2000\na,1,2\nb,3,4\nc,2,1\n",
        Table("place|1990|2000", *ONE_TWO[:2], ["a", "b", "c"])),
    "text only in the header": ("x,y,class\n1,2,0\n3,4,1\n2,1,0\n",
        Table("x|y|class", *ONE_TWO[:2], ["0", "1", "0"])),
    "quoted names with commas": ('"length, cm";"width, cm";kind\n1,5;2,5;a\n3,25;-1,5;b\n'
        "0,5;1,25;a\n", Table("length, cm|width, cm|kind", *DECIMALS)),
    "quoted names with commas, in a comma file": (
        '"length, cm","width, cm",kind\n1,2,a\n3,4,b\n2,1,a\n',
        Table("length, cm|width, cm|kind", *ONE_TWO)),
    "a name of two lines": ('"x\r(cm)",y,l\n1,2,a\n3,4,b\n2,1,a\n', Table("x\r(cm)|y|l", *ONE_TWO)),
    "equal names": ("a,a,l\n1,2,a\n3,4,b\n2,1,a\n", Table("a|a (2)|l", *ONE_TWO)),
    "a header, given": ("2020,5,9\n1,2,0\n3,4,1\n2,1,0\n",
        Table("2020|5|9", *ONE_TWO[:2], ["0", "1", "0"], choices=CsvChoices(has_header=True))),
    "no header, given": ("1990,2000,x\n1,2,a\n3,4,b\n",
        Table(UNNAMED, [1990, 1, 3], [2000, 2, 4], ["x", "a", "b"],
            choices=CsvChoices(has_header=False))),
    # Index columns, ends of lines ---------------------------------------------------------------
    "index of pandas": (",x,y,label\n0,1,2,a\n1,3,4,b\n2,2,1,a\n",
        Table("column 1|x|y|label", *ONE_TWO)),
    "index of pandas, twice": ("Unnamed: 0,x,y,label\n0,1,2,a\n1,3,4,b\n2,2,1,a\n",
        Table("Unnamed: 0|x|y|label", *ONE_TWO)),
    "index of R": ("x,y,label\n1,1,2,a\n2,3,4,b\n3,2,1,a\n",
        Table("column 1|x|y|label", *ONE_TWO, "names 3 of 4 columns")),
    "numbers of rows": ("#,x,y,label\n1,1,2,a\n2,3,4,b\n3,2,1,a\n",
        Table("#|x|y|label", *ONE_TWO)),
    "separators at the ends": ("x,y,label,\n1,2,a,\n3,4,b,\n2,1,a,\n",
        Table("x|y|label", *ONE_TWO)),
    "many separators at the ends": ("x;y;label;;;\n1;2;a;;;\n3;4;b;;;\n2;1;a;;;\n",
        Table("x|y|label", *ONE_TWO)),
    "separators at the ends of the rows": ("x,y,label\n1,2,a,\n3,4,b,\n2,1,a,\n",
        Table("x|y|label", *ONE_TWO)),
    "separators at the ends, no header": ("1,2,a,\n3,4,b,\n2,1,a,\n", Table(UNNAMED, *ONE_TWO)),
    "carriage returns": ("x,y,label\r1,2,a\r3,4,b\r2,1,a\r", Table("x|y|label", *ONE_TWO)),
    "both ends": ("x,y,label\r\n1,2,a\r\n3,4,b\n2,1,a", Table("x|y|label", *ONE_TWO)),
    "empty lines": ("\n \nx,y,label\n\n1,2,a\n\t\n3,4,b\n\n\n2,1,a\n\n",
        Table("x|y|label", *ONE_TWO)),
    "a row that is too long": ("x,y,label\n1,2,a\n3,4,b\n5,5,5,b\n2,1,a\n",
        Table("x|y|label", *ONE_TWO, "1 row with too many cells was left out")),
    # Comments -----------------------------------------------------------------------------------
    "comments": ("# made by hand\n# in, two, lines\nx,y,label\n1,2,a\n# half\n3,4,b\n2,1,a\n",
        Table("x|y|label", *ONE_TWO, "3 lines of comment were left out")),
    "errors of Excel": ("x;y;label\n#DIV/0!;2;a\n1;2;a\n3;4;b\n#NV;1;b\n2;1;a\n",
        Table("x|y|label", *ONE_TWO, "2 of 5 rows were left out")),
    "two byte order marks": ("\ufeff\ufeffx,y,l\n1,2,a\n3,4,b\n2,1,a\n", Table("x|y|l", *ONE_TWO)),
    "blanks within cells": ("x,y,tel\n1,2,+41 79 1 2 3\n3,4,+41 79 3 2 1\n2,1,+41 79 1 2 3\n",
        Table("x|y|tel", *ONE_TWO[:2], ["+41 79 1 2 3", "+41 79 3 2 1", "+41 79 1 2 3"])),
    "a header in a comment": ("# data of 2020\n# x y label\n1 2 a\n3 4 b\n2 1 a\n",
        Table("x|y|label", *ONE_TWO, "1 line of comment was left out")),
    "a header in a comment, with tabs": ("#x\ty\tlabel\n1\t2\ta\n3\t4\tb\n2\t1\ta\n",
        Table("x|y|label", *ONE_TWO)),
    "a row in a comment": ("x,y,label\n1,2,a\n#9,9,a\n3,4,b\n2,1,a\n",
        Table("x|y|label", *ONE_TWO, "1 line of comment was left out")),
    "colours": ("label,x,y\n#ff0000,1,2\n#00ff00,3,4\n#ff0000,2,1\n",
        Table("label|x|y", *ONE_TWO[:2], ["#ff0000", "#00ff00", "#ff0000"])),
    "sharps": ("x,y,label\n1,2,C#\n3,4,F#\n2,1,C#\n",
        Table("x|y|label", *ONE_TWO[:2], ["C#", "F#", "C#"])),
    # Encodings ----------------------------------------------------------------------------------
    "mark of UTF-8": ("\ufeffx,y,é\n1,2,a\n3,4,b\n2,1,a\n", Table("x|y|é", *ONE_TWO)),
    "UTF-16": ("x\ty\té\n1\t2\ta\n3\t4\tb\n2\t1\ta\n".encode("utf-16"), Table("x|y|é", *ONE_TWO)),
    "UTF-16, big end": ("\ufeffx,y,é\n1,2,a\n3,4,b\n2,1,a\n".encode("utf-16-be"),
        Table("x|y|é", *ONE_TWO)),
    "UTF-16 without a mark": ("x,y,l\n1,2,a\n3,4,b\n2,1,a\n".encode("utf-16-le"),
        Table("x|y|l", *ONE_TWO)),
    "UTF-32": ("x,y,é\n1,2,a\n3,4,b\n2,1,a\n".encode("utf-32"), Table("x|y|é", *ONE_TWO)),
    "Windows-1252": ("x,y,€\n1,2,a\n3,4,b\n2,1,a\n".encode("cp1252"),
        Table("x|y|€", *ONE_TWO, "0x80.*Windows-1252")),
    "Latin-1": ("x,y,é\n1,2,a\n3,4,b\x81\n2,1,a\n".encode("latin-1"),
        Table("x|y|é", *ONE_TWO[:2], ["a", "b\x81", "a"], "Latin-1")),
    # Missing, booleans, dates -------------------------------------------------------------------
    "missing words": ("x,y,l\n1,2,a\n3,4,b\n?,1,a\n1,#N/A,a\n-,1,b\nnull,1,b\n2,1,a\n",
        Table("x|y|l", *ONE_TWO, "4 of 7 rows")),
    "booleans": ("x,y,l\nTrue,1,a\nfalse,2,b\nTRUE,4,b\n",
        Table("x|y|l", [1, 0, 1], [1, 2, 4], ["a", "b", "b"])),
    "dates": ("day,y,l\n2024-01-01,1,a\n2024-01-31,2,b\n2024-01-11,4,b\n",
        Table("day|y|l", [0, 30, 10], [1, 2, 4], ["a", "b", "b"], "'day'.* points in time")),
    "time stamps": ("t,y,l\n2024-01-01 00:00,1,a\n2024-01-01T06:00:00Z,2,b\n"
        "2024-01-01 01:00:00+00:00,4,b\n", Table("t|y|l", [0, 6, 1], [1, 2, 4], ["a", "b", "b"],
            "'t'.* points in time")),
    "German dates": ("t;y;l\n1.1.2024;1;a\n31.01.2024;2;b\n11.01.2024;4;b\n",
        Table("t|y|l", [0, 30, 10], [1, 2, 4], ["a", "b", "b"], "points in time")),
    "American dates": ("t,y,l\n01/01/2024,1,a\n01/31/2024,2,b\n1/11/2024,4,b\n",
        Table("t|y|l", [0, 30, 10], [1, 2, 4], ["a", "b", "b"], "points in time")),
    "Unix seconds": ("t,y,l\n1700000000,1,a\n1700000030,2,b\n1700000010,4,b\n",
        Table("t|y|l", [0, 30, 10], [1, 2, 4], ["a", "b", "b"])),
    # Labels -------------------------------------------------------------------------------------
    "none is a class": ("x,y,l\n1,2,none\n3,4,mild\n2,1,none\n",
        Table("x|y|l", *ONE_TWO[:2], ["none", "mild", "none"], "'none' under 'l' counts as a")),
    "NA and null are classes": ("x,y,l\n1,2,NA\n3,4,null\n2,1,EU\n",
        Table("x|y|l", *ONE_TWO[:2], ["NA", "null", "EU"], "'NA' and 'null'")),
    "NaN among numbers is missing": ("x,y,l\n1,2,0\n3,4,1\n9,9,nan\n2,1,0\n",
        Table("x|y|l", *ONE_TWO[:2], ["0", "1", "0"], "1 of 4 rows")),
    "an empty label is missing": ("x,y,l\n1,2,a\n3,4,b\n9,9, \n2,1,a\n",
        Table("x|y|l", *ONE_TWO, "1 of 4 rows")),
    "versions with v": ("x,y,l\n1,2,v1.0\n3,4,v1\n2,1,v2.0\n",
        Table("x|y|l", *ONE_TWO[:2], ["v1.0", "v1", "v2.0"])),
    "versions": ("x,y,label\n1,2,1.1\n3,4,1.10\n2,1,1.2\n",
        Table("x|y|label", *ONE_TWO[:2], ["1.1", "1.10", "1.2"])),
    "versions that end with 0": ("x,y,label\n1,2,1.10\n3,4,2.0\n2,1,1.10\n",
        Table("x|y|label", *ONE_TWO[:2], ["1.10", "2.0", "1.10"])),
    "codes": ("x,y,label\n1,2,007\n3,4,7\n2,1,007\n",
        Table("x|y|label", *ONE_TWO[:2], ["007", "7", "007"])),
    "whole numbers of pandas": ("x,y,label\n1,2,1.0\n3,4,0.0\n2,1,1.0\n",
        Table("x|y|label", *ONE_TWO[:2], ["1", "0", "1"])),
    "whole numbers of NumPy": (
        "1.5 2.5 1.000000000000000000e+00\n3.25 -1.5 0.000000000000000000e+00\n0.5 1.25 1e0\n",
        Table(UNNAMED, *DECIMALS[:2], ["1", "0", "1"]),
    ),
    "y beside x1 and x2": (
        "y,x1,x2\n0,1.5,2.5\n1,3.25,-1.5\n0,0.5,1.25\n",
        Table("y|x1|x2", *DECIMALS[:2], ["0", "1", "0"]),
    ),
    "classes first, without names": (
        "1,1.5,2.5\n2,3.25,-1.5\n1,0.5,1.25\n2,2,2\n",
        Table(UNNAMED, [1.5, 3.25, 0.5, 2], [2.5, -1.5, 1.25, 2], ["1", "2", "1", "2"]),
    ),
    "a column called value": (
        "t,value,state\n1,2,on\n3,4,off\n2,1,on\n",
        Table("t|value|state", *ONE_TWO[:2], ["on", "off", "on"]),
    ),
    "booleans as labels": ("x,y,label\n1,2,True\n3,4,False\n2,1,True\n",
        Table("x|y|label", *ONE_TWO[:2], ["True", "False", "True"])),
    "labels in another column": ("species,x,y\ncat,1,2\ndog,3,4\ncat,2,1\n",
        Table("species|x|y", *ONE_TWO[:2], ["cat", "dog", "cat"])),
}  # fmt: skip


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_what_a_text_holds(name: str) -> None:
    text, table = UNDERSTOOD[name]
    data = text if isinstance(text, bytes) else text.encode()
    assert open_csv(data, table.choices).names == table.names
    points = read(data, table.choices)
    np.testing.assert_allclose(points.x[:, 0], scale(table.x), atol=1e-5)
    np.testing.assert_allclose(points.x[:, 1], scale(table.y), atol=1e-5)
    assert [points.names[number] for number in points.y] == table.labels
    assert re.search(table.remark or "^$", points.remark or "")


REFUSED: dict[str, tuple[str, str]] = {
    "both marks": (
        "x;y;l\n1,5;1;a\n2;2;b\n3.25;3;a\n",
        "'x' mixes .* '3.25' in row 3 and '1,5' in row 1",
    ),
    "both marks, each alone possible": (
        "x;y;l\n1,234;1;a\n2.345;2;b\n",
        "'x' mixes .* '2.345' in row 2 and '1,234' in row 1",
    ),
    "decimal commas between commas": (
        "x,y,l\n1,5,2,5,a\n3,5,4,5,b\n",
        r"All rows have more cells than the 3 columns \(x, y, l\).*decimal commas",
    ),
    "percent signs here and there": (
        "x,y,l\n50%,1,a\n0.5,2,b\n",
        "'50%' in row 1 and '0.5' in row 2: give all",
    ),
    "dates that may be two": (
        "t,y,l\n01/02/2024,1,a\n03/04/2024,2,b\n",
        "'01/02/2024' in row 1, of which day and month",
    ),
    "no real date": ("t,y,l\n2024-02-30,1,a\n2024-03-01,2,b\n", "'2024-02-30' in row 1, no real"),
    "dates among numbers": ("t,y,l\n2024-02-03,1,a\n2,2,b\n", "'2024-02-03' in row 1 where only"),
    "text": ("x,y,l\n1,2,a\nhigh,1,b\n", "'x' holds 'high' in row 2 where only numbers"),
    "numbers that would be one": (
        "id,y,l\n1000000000000000001,1,a\n1000000000000000002,2,b\n",
        "'id' holds numbers of so many digits, such as 1000000000000000002",
    ),
    "no columns": ("Dear reader,\nthis is no table.\n", "2 columns: .*are the least"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_one_meaning_is_refused(name: str) -> None:
    text, sentence = REFUSED[name]
    with pytest.raises(InputError, match=sentence):
        read(text)


def test_choices_are_checked() -> None:
    with pytest.raises(InputError, match="can't be separated by ':'"):
        CsvChoices(separator=":")
    with pytest.raises(InputError, match="decimal mark can't be ';'"):
        CsvChoices(decimal=";")  # type: ignore[arg-type]
    with pytest.raises(
        InputError, match=r"'1\.5' in row 1, which is no number with a decimal comma"
    ):
        read("x;y;l\n1.5;2;a\n2;3;b\n", CsvChoices(decimal=","))


# Outliers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "outliers"),
    [
        ([*range(50), 1e9], 1),
        ([-1e9, *range(50), 1e9], 2),
        ([*range(9), 1e6], 1),
        ([0.0, 0.0, 1.0, 8.98846567431158e307], 1),
        ([*range(60), *[-9999.0] * 6], 6),  # a number that stands for a missing one
        ([*np.random.default_rng(0).normal(size=500)], 0),
        ([*np.random.default_rng(0).exponential(size=500)], 0),
        ([0.0] * 95 + [1.0] * 5, 0),  # a column of yes and no, mostly no
        ([*range(50), *range(1_000_000, 1_000_010)], 0),  # a second group
        ([1.0, 2.0, 1e9], 0),  # too few to know
        ([5.0] * 5, 0),
    ],
)
def test_outliers_leave_room_for_the_rest(values: list[float], outliers: int) -> None:
    rows = "".join(
        f"{value},{number % 7},{'ab'[number % 2]}\n" for number, value in enumerate(values)
    )
    points = read(f"x,y,label\n{rows}")
    x = points.x[:, 0]
    if not outliers:
        assert points.remark is None
        np.testing.assert_allclose(x, scale(values) if min(values) < max(values) else 0, atol=1e-5)
        return
    assert points.remark is not None
    assert re.search(f"'x', {outliers} values? lies? far out", points.remark)
    assert sorted(np.abs(x))[-outliers:] == [5.0] * outliers
    rest = np.abs(x) < 5
    np.testing.assert_allclose(x[rest], scale(np.array(values)[rest].tolist(), 4.5), atol=1e-5)


def test_an_outlying_value_to_learn_leaves_room_for_the_rest() -> None:
    values = [*range(50), -1e9]
    points = read("x,y,value\n" + "".join(f"{i},{i % 7},{v}\n" for i, v in enumerate(values)))
    assert points.regression
    assert points.remark is not None
    assert "Under 'value', 1 value lies far out (-1e+09)" in points.remark
    np.testing.assert_allclose(points.y, [*scale(values[:-1], 0.9), -1], atol=1e-6)


@pytest.mark.parametrize("ratio", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("order", ["in turns", "one after the other"])
def test_rows_are_split_exactly_and_each_class_evenly(ratio: float, order: str) -> None:
    classes = np.arange(658) % 3 if order == "in turns" else np.arange(658) * 3 // 658
    rows = "".join(f"{i % 17},{i % 13},{'abc'[label]}\n" for i, label in enumerate(classes))
    split = read(f"x,y,label\n{rows}").snapshot().split(ratio)
    assert len(split.train) == round(658 * ratio)
    for label in range(3):
        size = (classes == label).sum()
        assert (split.train.y == label).sum() == pytest.approx(size * ratio, abs=2)


# Any table, written and read ---------------------------------------------------------------------

NUMBERS = st.lists(
    st.floats(-1e6, 1e6, width=32).map(lambda number: round(number, 4)), min_size=3, max_size=12
)
WORDS = st.text(
    st.characters(codec="cp1252", exclude_categories=["C", "Z"]), min_size=1, max_size=8
)
NAMES = st.lists(
    WORDS.map(lambda word: f"n{word}"), min_size=3, max_size=3, unique_by=lambda name: name
)


def write_number(number: float, decimal: str, thousands: str) -> str:
    """Write a number with a decimal mark, and with thousands marks if there are any."""
    text = f"{number:{',' if thousands else ''}}"
    return text.translate(str.maketrans({".": decimal, ",": thousands}))


@given(
    st.data(),
    NUMBERS,
    NAMES,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["", "sep"]),
    st.booleans(),
)
def test_any_table_in_any_dialect_is_read_back(
    data: st.DataObject,
    x: list[float],
    names: list[str],
    separator: str,
    decimal: str,
    with_thousands: bool,
    end: str,
    encoding: str,
    first_line: str,
    with_header: bool,
) -> None:
    count = len(x)
    y = data.draw(st.lists(st.integers(-20, 20), min_size=count, max_size=count))
    classes = data.draw(
        st.lists(WORDS.map(lambda word: f"c{word}"), min_size=2, max_size=6, unique=True)
    )
    labels = data.draw(st.lists(st.sampled_from(classes), min_size=count, max_size=count))
    thousands = {".": ",", ",": "."}[decimal] if with_thousands else ""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator=end)
    if with_header:
        writer.writerow(names)
    # Halves show the decimal mark.
    halves = [number + 0.5 for number in y]
    for row in zip(x, halves, labels, strict=True):
        writer.writerow(
            [*(write_number(float(each), decimal, thousands) for each in row[:2]), row[2]]
        )
    text = (f"sep={separator}{end}" if first_line else "") + file.getvalue()
    found = read_points(text.encode(encoding), *open_csv(text.encode(encoding)).names)
    expected = [found.names[number] for number in found.y]
    assert expected == labels
    if "far out" not in (found.remark or ""):
        for place, values in enumerate((x, halves)):
            right = scale(values) if min(values) < max(values) else np.zeros(count)
            np.testing.assert_allclose(found.x[:, place], right, atol=1e-4)
