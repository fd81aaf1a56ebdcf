"""The points page with the networks of the benchmarks: `/_app?net=a` and `/_app?net=b`."""

from __future__ import annotations

from typing import Self

import panel as pn

from playground.pages.links.link import Link
from playground.pages.points import PointsPage
from playground.pages.server import serve

HIDDEN = {"a": [4, 2], "b": [8] * 6}


class MeasuredPage(PointsPage):
    """The measured page: 250 points in the training and the test set each, full speed."""

    @classmethod
    def from_link(cls, link: Link) -> Self:
        """Make the page with one of the networks, whatever else the address says."""
        [net] = pn.state.session_args.get("net", [b"a"])
        return cls(
            shape="circle",
            count=500,
            train_ratio=0.5,
            hidden=HIDDEN[net.decode()],
            activation="tanh",
            loss="squared error",
            optimiser="SGD",
            learning_rate=0.03,
            batch_size=10,
            pace=None,
        )


pn.extension("filedropper", reconnect=True)
serve(MeasuredPage, "Playground: benchmark")
