"""Pages about data and modules of the user, from Python and from a file."""

from playground.pages.own_data.own_data_page import (
    OwnDataPage,
    UploadPage,
    gates_page,
    points_page,
)

__all__ = ["OwnDataPage", "UploadPage", "gates_page", "points_page"]
