"""Which cells border which, over how many metres, and across what."""

from gridgeo.contiguity.rook import HARD, adjacency, to_networkx

__all__ = ["HARD", "adjacency", "to_networkx"]
