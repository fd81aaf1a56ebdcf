"""What `panel serve apps/` runs before it serves: see Bokeh's lifecycle hooks."""

from playground.serving.process_settings import prepare_server_process

# Here rather than in a hook: this is loaded before the server is made, hooks are run after.
prepare_server_process()
