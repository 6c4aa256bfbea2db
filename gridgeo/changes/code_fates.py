"""Codes kept, moved, retired and new between two years, and the rule that says so.

A code stays with who lived under it: a zone keeps it if more than half of those households of the old zone that live in both years
are in it (of its land, where there are none).
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

_HALF = 0.5


class _Weighed(NamedTuple):
    """Pairs of an old and a new zone: from, to, share (of the old zone), back (of the new one), by_land."""

    pairs: pd.DataFrame

    def best(self, end: str, by: str) -> dict[str, tuple[str, float]]:
        """The other zone, and the share, of the pair with the largest share for each zone of one end."""
        other = "to" if end == "from" else "from"
        order = self.pairs.sort_values([by, other], ascending=[False, True], kind="stable").drop_duplicates(end)
        return {code: (to, share) for code, to, share in zip(order[end], order[other], order[by], strict=True)}


def code_fates(crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Status, successor and rule of each code of a tier.

    Parameters
    ----------
    crosswalk
        Columns of `CROSSWALK_COLUMNS`.

    Returns
    -------
    fates
        Indexed by code, sorted: status, successor, rule.
    """
    old, new = (set(crosswalk[end].dropna()) for end in ("from", "to"))
    weighed = _Weighed(_shares(crosswalk.dropna(subset=["from", "to"])))
    rows = _kept(old & new, weighed) | _retired(old - new, weighed) | _new(new - old, weighed, retired=old - new)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["status", "successor", "rule"], dtype="string")
    return table.rename_axis("code").sort_index()


def _shares(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the share of the old zone and of the new one that lies in both."""
    out = pairs[["from", "to"]].reset_index(drop=True)
    for end, name in (("from", "share"), ("to", "back")):
        held, land = (pairs[figure].astype(float).fillna(0) for figure in ("households", "area_m2"))
        people, area = (values.groupby(pairs[end]).transform("sum") for values in (held, land))
        share = (held / people).where(people > 0, land / area.where(area > 0)).fillna(0)
        out[name] = share.to_numpy()
        out[f"{name}_by_land"] = (people <= 0).to_numpy()
    return out


_Fates = dict[str, tuple[object, object, str]]


def _kept(codes: set[str], weighed: _Weighed) -> _Fates:
    pairs, best = weighed.pairs, weighed.best("from", "share")
    own = pairs[pairs["from"] == pairs["to"]]
    here = dict(zip(own["from"], own["share"], strict=True))
    land = set(own.loc[own["share_by_land"], "from"])
    return {code: _fate(here.get(code, 0.0), best.get(code, (pd.NA, 0.0)), by_land=code in land) for code in codes}


def _fate(share: float, best: tuple[object, float], *, by_land: bool) -> tuple[object, object, str]:
    """What becomes of a code of both years, by the share of its old zone that is still under it, and the best share of any."""
    to, largest = best
    if share == 0:
        return "moved", to, "other_land"
    if share > _HALF:
        return "kept", pd.NA, "most_land" if by_land else "most_households"
    return ("kept", pd.NA, "largest_part") if share >= largest else ("moved", to, "less_than_another")


def _retired(codes: set[str], weighed: _Weighed) -> _Fates:
    best = weighed.best("from", "share")
    out: _Fates = {}
    for code in codes:
        to, share = best.get(code, (pd.NA, 0.0))
        out[code] = ("retired", to, "gone" if code not in best else "merged" if share > _HALF else "divided")
    return out


def _new(codes: set[str], weighed: _Weighed, *, retired: set[str]) -> _Fates:
    best = weighed.best("to", "back")
    rules = {
        code: "new_land" if code not in best else "replaces" if best[code][0] in retired else "split_off"
        for code in codes
    }
    return {code: ("new", pd.NA, rule) for code, rule in rules.items()}
