"""All choices of a page in one place: read, compared with the usual, set from outside."""

from playground.settings.choice import Choice, Parameter
from playground.settings.kinds import Kind
from playground.settings.settings import Owner, Settings, quoted

__all__ = ["Choice", "Kind", "Owner", "Parameter", "Settings", "quoted"]
