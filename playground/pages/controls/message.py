"""A sentence in answer to something that a person did, such as an upload."""

from __future__ import annotations

from html import escape

from playground.pages.controls.live_html import LiveHTML


class Message(LiveHTML):
    """One sentence, in a coloured box; it takes no space while there is none."""

    def __init__(self) -> None:
        super().__init__("", css_classes=["pg-notes"], margin=0, visible=False)

    def say(self, sentence: str, *, wrong: bool = True) -> None:
        """Show a sentence: an error, or if not `wrong` some information; "" shows nothing."""
        kind, sign = ("error", "×") if wrong else ("info", "i")
        note = f'<p class="pg-note pg-{kind}"><i>{sign}</i><span>{escape(sentence)}</span></p>'
        self.param.update(object=note if sentence else "", visible=bool(sentence))
