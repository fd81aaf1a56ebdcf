"""Serving pages: as the document of an app's script, and with a server of our own."""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path
from typing import Any

import panel as pn
from bokeh.server.server import Server
from tornado import process

from playground.errors import InputError
from playground.pages.app import PAGES, App
from playground.pages.classroom.class_address import class_requested
from playground.pages.classroom.membership import SinglePage, membership
from playground.pages.classroom.teacher_page import TeacherPage
from playground.pages.design import page_design
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.links.link import session_link
from playground.pages.page import Page
from playground.pages.routes import ROUTES
from playground.pages.runs.person_files import person_files, prepare_people
from playground.pages.site.docs_page import help_requested, serve_docs
from playground.pages.site.error_page import message_pane, show_page
from playground.pages.site.page_template import note_style_sheets, use_page_template
from playground.serving.current_session import current_request, is_prepared
from playground.serving.identity.person import current_owner
from playground.serving.identity.signing_keys import signing_key
from playground.serving.patches.bokeh_patches import BokehPatches
from playground.serving.prepared_pages import Address, address_of, prepared_pages
from playground.serving.prepared_session import PreparedSession
from playground.serving.process.process_settings import prepare_server_process
from playground.serving.process.shutdown import save_at_shutdown
from playground.serving.protection.requests import (
    NAMED_SESSION,
    ONE_PROCESS,
    is_for_page_itself,
    protect_server,
    session_is_named,
)
from playground.serving.session_limits import admit
from playground.serving.sessions import browser_session
from playground.serving.settings.operator_warnings import check_authentication, operator_warnings
from playground.serving.settings.server_settings import ServerSettings
from playground.serving.workers.hand_over import begin_hand_over
from playground.serving.workers.worker_group import WorkerGroup
from playground.views.curves.comparison_curves import run_curves
from playground.views.theme import LIGHT

log = logging.getLogger(__name__)

TITLE = "Playground"
LOOPBACK_ADDRESS = "127.0.0.1"
# Without it a phone shows the page at the width of a desktop's, in tiny letters.
VIEWPORT_TEMPLATE = """
{% block preamble %}
<meta name="viewport" content="width=device-width, initial-scale=1">
{% endblock %}
"""
TOKEN_LIFETIME = 86_400
"""Seconds (a day) for which a laptop that slept can open a new session without a reload."""
SESSION_LIFETIME = 600_000
"""Milliseconds (ten minutes) for which a session waits for its browser to come back."""
LOAD_TIMEOUT = 3.0
"""Seconds after which a page is built though the browser has not said that it is ready."""
TEMPLATES = Path(__file__).with_name("site")
"""Of the pages to sign in and out; Panel's own load pictures from another host."""
MAX_HEADER_SIZE = 2**20
"""Bytes of a request's head; a link that is longer than the pages read arrives, and is reported."""


def serve(page_class: type[App] | type[Page[Any, Any]], title: str) -> None:
    """Make a page the document of the script that `panel serve` runs.

    The page opens as its address says, and keeps the address up to date. It is built when a browser
    connects: an address that is only called, as by a search engine, costs little.

    Parameters
    ----------
    page_class : App or a class of page
    title : str
        What the browser's tab is called.
    """
    _serve(page_class, title, is_copy=process.task_id() is not None)


def _serve(page_class: type[App] | type[Page[Any, Any]], title: str, *, is_copy: bool) -> None:
    """Serve a page; one of a server that was copied while it ran says that it can't be."""
    prepare_document()
    if help_requested():
        serve_docs()
        return
    session, document = browser_session(), pn.state.curdoc
    dark = session_link().asks_for_dark
    if document is not None:
        use_page_template(document, dark)
        # Else the browser describes itself, WebGL included, before it says that it is ready.
        pn.config.browser_info = False
    with page_design():
        # The patches are there before the page is: they concern how its parts are built.
        waiting = message_pane("Loading …", dark), BokehPatches()
        place = pn.Column(*waiting, margin=0, css_classes=["pg-stage"])

    def make() -> App | Page[Any, Any]:
        made = page_class.from_link(session_link())
        if (part := membership()) is not None:
            part.host = made if isinstance(made, App) else SinglePage(made)
        return made

    def build() -> App | Page[Any, Any] | TeacherPage:
        if is_copy:
            raise InputError(ONE_PROCESS)
        if session_is_named():
            raise InputError(NAMED_SESSION)
        if class_requested():
            return TeacherPage()
        built = make()
        prepare_more()
        return built

    def prepare() -> None:
        place.objects = [make()]
        note_style_sheets()

    def prepare_more() -> None:
        if document is None or not is_for_page_itself(current_request()):
            return
        # A run that is shared may be withdrawn before anybody else asks for it.
        if not session_link().shared_run:
            prepared_pages.prepare(address_of(document))

    def is_refused() -> bool:
        reason = "" if session is None else admit(session, current_owner())
        if reason:
            place.objects = [message_pane(reason, dark)]
        return bool(reason)

    def show() -> None:
        if not is_refused():
            show_page(place, build, dark)
            note_style_sheets()

    def show_prepared() -> None:
        if not is_refused():
            prepare_more()

    if session is None or document is None:
        pn.state.onload(show)
    elif isinstance(session, PreparedSession):
        session.prepare_page, session.make_page = prepare, show_prepared
        # The browser of the visitor gets its cookie with the answer to the visitor's request.
        session.on_visitor.append(person_files)
    elif is_for_page_itself(current_request()):
        session.make_page = show
    else:
        # The page is made when the browser is ready for it: embedded in another page, it has the
        # patches then. A browser that has come back to a session that had ended doesn't load the
        # page again, and a slow one may not have said that it is ready. Then Panel's own handler is
        # called, which also calls what the page leaves until it is loaded. Called twice, it does
        # nothing.
        def load_later() -> None:
            session.schedule_later(LOAD_TIMEOUT, partial(pn.state._on_load, document))

        pn.state.onload(partial(session.schedule_in_turn, show))
        session.on_first.append(load_later)
    # Panel's own Location fails on addresses with two question marks.
    place.servable(title=title, location=False)


def prepare_document() -> None:
    """Prepare the process, and the document that is being served, if there is one."""
    prepare_server_process()
    if (document := pn.state.curdoc) is not None:
        # Bokeh takes text too, and extends its own page with it.
        document.template = VIEWPORT_TEMPLATE  # type: ignore[assignment]
    prepare_people()
    if document is None or not is_prepared(document):
        person_files()  # The browser gets its cookie with the answer to this very request.
    if document is not None and browser_session() is not None:
        save_at_shutdown(document)


def run_server(settings: ServerSettings, *, show: bool, group: WorkerGroup | None = None) -> None:
    """Serve all pages until interrupted: `playground serve`.

    Parameters
    ----------
    settings : ServerSettings
    show : bool
        Open the browser.
    group : WorkerGroup, optional
        The workers of which this process is one. It has a port of its own besides theirs, for the
        operator, on this machine only.

    Raises
    ------
    InputError
        If the settings contradict each other, or the port is taken.
    """
    options = server_options(settings)
    if group is not None:
        options |= {"address": LOOPBACK_ADDRESS, "port": 0}
    prepare_server_process()
    if settings.is_public:
        for sentence in operator_warnings(settings, os.environ):
            log.warning(sentence)
        render_views()
    pn.extension("filedropper", reconnect=True)
    try:
        server = pn.serve(
            _serve_app, show=show, start=False, title=TITLE, location=False, **options
        )
    except OSError as error:
        raise InputError(
            f"Port {settings.port} of {settings.host} can't be listened on: {error.strerror}."
            " Another one can be chosen with --port."
        ) from None
    if group is not None:
        # Bokeh can't listen at two addresses, nor with a socket that is there.
        begin_hand_over(group, server._http)
        log.info(
            "worker %d serves port %d; its own address is http://%s:%d",
            os.getpid(),
            group.port,
            LOOPBACK_ADDRESS,
            server.port,
        )
    server.io_loop.add_callback(prepare_first, server)
    # Panel's own way to start ends at SIGTERM without another word, and with it unsaved work.
    server.run_until_shutdown()


def prepare_first(server: Server) -> None:
    """Prepare pages of the plain address, which visitors will ask for first."""
    protect_server(server._tornado)
    [context] = server._tornado.applications.values()
    prepared_pages.prepare(Address(context, "/", ""))


def render_views() -> None:
    """Build the pages and render their views, for nobody, so that later pages get copies.

    Who opens a page as the first one would otherwise hold the event loop, and with it the pages of
    all others, for a second or two.
    """
    views = [run_curves({}, LIGHT)]  # of the drawer, which has it when it is first opened
    for make in PAGES.values():
        if make is not DigitsPage:  # It would first download the training pictures.
            views += make().views
    for view in views:
        view.figure()


def server_options(settings: ServerSettings) -> dict[str, Any]:
    """Return the options of Panel and Bokeh that follow from the settings of a server.

    Parameters
    ----------
    settings : ServerSettings

    Raises
    ------
    InputError
        If the settings contradict each other.
    """
    check_authentication(settings, os.environ)
    options: dict[str, Any] = {
        "address": settings.host,
        "port": settings.port,
        "use_xheaders": settings.behind_proxy,
        "sign_sessions": True,
        "secret_key": signing_key("sessions").encode(),
        "cookie_secret": signing_key("cookies"),
        "websocket_max_message_size": settings.max_message_mb * 2**20,
        "extra_patterns": ROUTES,
        "http_server_kwargs": {"max_header_size": MAX_HEADER_SIZE},
        "session_token_expiration": TOKEN_LIFETIME,
        "unused_session_lifetime_milliseconds": SESSION_LIFETIME,
    }
    if settings.authentication == "basic":
        options["basic_auth"] = settings.users_file
        options["login_template"] = str(TEMPLATES / "login.html")
    elif settings.authentication == "oauth":
        options["oauth_provider"] = pn.config.oauth_provider
    if settings.authentication != "none":
        options["logout_template"] = str(TEMPLATES / "logout.html")
    return options


def _serve_app() -> None:
    _serve(App, TITLE, is_copy=False)
