"""What an edit by hand did to the zones that it touched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EditOutcome:
    """How the zones stand whose land changed; no zones where only a name or a lock did.

    Parameters
    ----------
    zones
        Codes of the zones whose land changed, coarse tiers first.
    outside
        Those of them that are outside the limits of their tier.
    torn
        Those of them that are in several parts.
    nested
        Whether all of them lie in their communities, by their codes.
    """

    zones: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()
    nested: bool = True
