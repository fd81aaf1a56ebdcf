"""The points page with the networks of the benchmarks: `/_app?net=a` and `/_app?net=b`."""

import panel as pn

from playground.pages.points import PointsPage

HIDDEN = {"a": [4, 2], "b": [8] * 6}


def page(net: str) -> PointsPage:
    """Create the measured page: 250 points in the training and the test set each, full speed."""
    return PointsPage(
        shape="circle",
        count=500,
        train_ratio=0.5,
        hidden=HIDDEN[net],
        activation="tanh",
        loss="squared error",
        optimiser="SGD",
        learning_rate=0.03,
        batch_size=10,
        pace=None,
    )


pn.extension("filedropper", reconnect=True)
[net] = pn.state.session_args.get("net", [b"a"])
page(net.decode()).servable(title="Playground: benchmark")
