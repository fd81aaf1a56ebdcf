"""All choices of a page in one place: read, compared with the usual, set from outside."""

from playground.settings.setting import ParameterSetting, Setting
from playground.settings.settings import Owner, Settings, quote_briefly
from playground.settings.value_types import ValueType

__all__ = ["Owner", "ParameterSetting", "Setting", "Settings", "ValueType", "quote_briefly"]
