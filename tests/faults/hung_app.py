"""An app of a server of which a worker thread hangs for good."""

import time
from functools import partial

from playground.pages.gates import GatesPage
from playground.pages.server import serve
from playground.serving.workers import workers

workers.submit(partial(time.sleep, 3600))
serve(GatesPage, "Hung")
