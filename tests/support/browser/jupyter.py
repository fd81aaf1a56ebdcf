"""Notebooks as people run them: in a kernel of their own, and in a real JupyterLab."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page

from tests.support.browser.patient_expect import expect
from tests.support.servers.server import POLL_SECONDS, ROOT, START_SECONDS, STOP_SECONDS

FASTER = Path(__file__).with_name("faster_jupyter")
"""A folder whose modules stand in for those that make each start of Jupyter slow."""
KERNEL = "playground-test"
TOKEN = "test"
KERNEL_MS = 60_000
"""How long anything in JupyterLab may take; a kernel starts with the first cell that runs."""
STARTED = re.compile(r"\[(\*|\d+)\]")
"""The prompt of a cell that runs or has run."""
CONNECTED = """async milliseconds => {
    const connected = async () => {
        await window.jupyterapp.restored
        const {context, content, sessionContext} = window.jupyterapp.shell.currentWidget
        await Promise.all([context.ready, content.ready, sessionContext.ready])
        await sessionContext.session.kernel.info
    }
    const late = (_resolve, reject) =>
        setTimeout(() => reject(new Error("The kernel does not answer.")), milliseconds)
    await Promise.race([connected(), new Promise(late)])
}"""
"""Waits until a notebook is connected to its kernel."""
NOTEBOOKS = sorted((ROOT / "apps").glob("*.ipynb"))
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    # All cells are in the page, whether they are in sight or not.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}

# Of the extensions of Jupyter's server, those that no notebook in JupyterLab needs.
UNUSED_EXTENSIONS = (
    "jupyter_server_terminals",
    "notebook_shim",
    "panel.io.jupyter_server_extension",  # It imports all of Panel.
)
KERNEL_START = "import gc; gc.set_threshold(50_000, 20, 100)"
"""What a kernel runs first: with Python's own thresholds, a tenth of its time goes into garbage."""


def load_nbformat() -> ModuleType:
    """Return `nbformat`, loaded as Jupyter loads it here; with all it takes five seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FASTER)
        import nbformat
    return nbformat


def environment(home: Path) -> dict[str, str]:
    """Return variables with which Jupyter keeps all its files in a folder, and knows our kernel.

    Parameters
    ----------
    home
        An empty folder.
    """
    kernel = home / "share" / "kernels" / KERNEL
    kernel.mkdir(parents=True)
    start = f"--IPKernelApp.exec_lines={KERNEL_START}"
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", start]
    description = {"argv": argv, "display_name": "Test", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(description))
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    for folder in folders.values():
        (home / folder).mkdir()
    return {
        "JUPYTER_PATH": str(home / "share"),
        "PYTHONPATH": os.pathsep.join([str(FASTER), str(ROOT)]),
        # The newest debugger warns of Python's frozen modules on each start of a kernel.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **{name: str(home / folder) for name, folder in folders.items()},
    }


class JupyterLab:
    """A JupyterLab in a process of its own, which ends with its kernels.

    Parameters
    ----------
    home
        An empty folder for all its files.
    notebooks
        The folder that it opens.
    """

    def __init__(self, home: Path, notebooks: Path) -> None:
        variables = environment(home)
        for name, values in SETTINGS.items():
            file = home / "settings" / f"{name.replace(':', '/')}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        extensions = dict.fromkeys(UNUSED_EXTENSIONS, False)
        config = {"ServerApp": {"jpserver_extensions": extensions}}
        (home / "config" / "jupyter_server_config.json").write_text(json.dumps(config))
        self.notebooks = notebooks
        self._runtime, self._log = home / "runtime", home / "log.txt"
        options = [
            "--no-browser",
            "--ip=127.0.0.1",
            "--port=0",
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={notebooks}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        ]
        with self._log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **variables},
            )

    def url(self, notebook: str) -> str:
        """Return the address of a notebook, once the server answers.

        Raises
        ------
        RuntimeError
            When it ends, or does not answer in time; with its log.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            for file in self._runtime.glob("jpserver-*.json"):
                if (text := file.read_text()) and answers(url := json.loads(text)["url"]):
                    return f"{url}lab/tree/{notebook}?token={TOKEN}"
            time.sleep(POLL_SECONDS)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start:\n{self._log.read_text()}")

    def stop(self) -> None:
        """End the server; by force when it does not end in time."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def answers(url: str) -> bool:
    """Whether a server accepts connections, which JupyterLab may not yet do when it says where."""
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=5).close()
    except OSError:
        return False
    return True


class NotebookPage:
    """A notebook in the browser.

    Parameters
    ----------
    page : Page
        Of Playwright; still empty.
    url : str
        Of the notebook.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.set_viewport_size({"width": 1300, "height": 900})
        page.goto(url)
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=KERNEL_MS)
        # Before its kernel answers, JupyterLab lets cells that are to run fall without a word.
        page.evaluate(CONNECTED, START_SECONDS * 1000)

    def run(self, number: int) -> None:
        """Run one cell, counted from 0; do not wait for its end."""
        cell = self.cell(number)
        cell.locator(".jp-InputArea-editor").click()
        expect(cell.locator(".cm-editor.cm-focused")).to_be_visible(timeout=KERNEL_MS)
        self.page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text(STARTED, timeout=KERNEL_MS)

    def cell(self, number: int) -> Locator:
        """Find a cell, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)
