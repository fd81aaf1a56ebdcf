"""An app of a server of which a worker thread hangs for good."""

import time
from functools import partial

from playground.pages.server import serve
from playground.serving.threads.thread_pools import workers
from tests.support.servers.small_page import SmallPage

workers.submit(partial(time.sleep, 3600))
serve(SmallPage, "Hung")
