"""What `panel serve apps/` runs before it serves: see Bokeh's lifecycle hooks."""

from playground.errors import InputError
from playground.serving.settings.server_settings import server_settings

# Here rather than in a hook: this is loaded before the server is made, hooks are run after.
try:
    server_settings()  # What is wrong with a setting is said before PyTorch is loaded.
    from playground.serving.process.process_settings import prepare_server_process

    prepare_server_process()
except InputError as error:  # a setting that is not valid
    raise SystemExit(str(error)) from None
