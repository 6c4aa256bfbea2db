"""Which cells border which, over how many metres, and across what."""

from gridgeo.contiguity.rook import adjacency, to_networkx

__all__ = ["adjacency", "to_networkx"]
