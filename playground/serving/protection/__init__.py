"""What a server refuses: requests, messages, and how it answers them.

All of it patches Bokeh's and Tornado's classes for the whole process, because an app's script gets
to run only when the server that serves it has been made. Nothing is patched on import.
"""

from playground.serving.protection.messages import limit_messages
from playground.serving.protection.requests import check_requests

__all__ = ["check_requests", "limit_messages"]
