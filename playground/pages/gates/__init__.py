"""The page of logic gates: its card, and the tab of the truth table."""

from playground.pages.gates.gates_page import PARITY, GatesPage

__all__ = ["PARITY", "GatesPage"]
