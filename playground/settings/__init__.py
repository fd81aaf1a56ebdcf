"""The settings of a page: read, compared with their defaults, and set by name."""

from playground.settings.setting import ParameterSetting, Setting
from playground.settings.settings import Owner, Settings, quote_briefly
from playground.settings.value_types import ValueType

__all__ = ["Owner", "ParameterSetting", "Setting", "Settings", "ValueType", "quote_briefly"]
