"""Reports on a run in HTML and Markdown, with embedded pictures."""

from playground.export.report.report import Report, report

__all__ = ["Report", "report"]
