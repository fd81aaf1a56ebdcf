"""What a server refuses: requests, messages, and how it answers them.

All of it patches Bokeh's and Tornado's classes for the whole process, because an app's script gets
to run only when the server that serves it has been made. Nothing is patched on import.
"""

from playground.serving.protection.connections import limit_connections
from playground.serving.protection.messages import limit_messages
from playground.serving.protection.requests import check_requests
from playground.serving.protection.sign_in import limit_sign_in

__all__ = ["check_requests", "limit_connections", "limit_messages", "limit_sign_in"]
