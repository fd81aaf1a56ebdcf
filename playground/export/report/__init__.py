"""A report on a run, fit to hand in: HTML and Markdown, with pictures in them."""

from playground.export.report.report import Report, report

__all__ = ["Report", "report"]
