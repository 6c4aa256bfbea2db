"""The tiers into which a community is divided, and how many digits each adds to a code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from numbers import Integral, Real

import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import Text, say
from gridgeo.model.codes import COMMUNITY_DIGITS, capacity, reserved
from gridgeo.model.displays import html_facts, html_table
from gridgeo.model.loads import HOUSEHOLDS, refuse_name
from gridgeo.model.tables import RESERVED

_TIER = re.compile(
    r"(?P<name>[^:]+):(?P<low>\d+)-(?P<high>\d+)(x(?P<count>\d+)(?P<all>all)?)?(@(?P<target>\d+))?(:(?P<width>\d+))?"
    r"(/(?P<load>[^/+:]+))?(\+(?P<also>.+))?"
)
_ALSO = re.compile(r"(?P<load>[^/+:]+):(?P<low>\d+)-(?P<high>\d+)(?P<hard>!?)")


_KINDS = {Integral: "kind_whole", Real: "kind_number", str: "kind_text"}


def refuse_other(what: str, kind: type, *values: object) -> None:
    """Refuse values of another kind than an argument takes.

    Raises
    ------
    InputError
        Naming the first of them.
    """
    for value in values:
        if not isinstance(value, kind):
            wanted: Text | str = say(_KINDS[kind]) if kind in _KINDS else kind.__name__
            raise InputError(say("kind", what=what, value=repr(value)[:60], kind=type(value).__name__, wanted=wanted))


@dataclass(frozen=True)
class Also:
    """Limits of a load that a tier does not balance, but shall keep too.

    Parameters
    ----------
    load
        Column of the buildings.
    low, high
        Limits, both inclusive [units of `load`].
    hard
        Whether they are limits as those of the tier's own load are. Otherwise each unit outside has a price, and more regular
        sizes may be worth it.
    """

    load: str
    low: int
    high: int
    hard: bool = False

    def __post_init__(self) -> None:
        """Refuse what no division could meet."""
        refuse_other("Also.load", str, self.load)
        refuse_other(f"Also {self.load!r}, low-high", Integral, self.low, self.high)
        refuse_name(self.load)
        if not 0 <= self.low <= self.high or self.high == 0:
            raise InputError(say("scheme_also_limits", load=self.load, low=self.low, high=self.high))

    def admits(self, load: float) -> bool:
        """Whether a zone with this much is within the limits."""
        return self.low <= load <= self.high

    def __str__(self) -> str:
        """The limits as they are written on a command line."""
        return f"{self.load}:{self.low}-{self.high}{'!' if self.hard else ''}"

    @classmethod
    def parse(cls, text: str) -> Also:
        """Read ``LOAD:LOW-HIGH[!]``.

        Examples
        --------
        >>> Also.parse("people:120-180!")
        Also(load='people', low=120, high=180, hard=True)
        """
        found = _ALSO.fullmatch(text.strip())
        if found is None:
            raise InputError(say("scheme_also_text", text=text))
        return cls(found["load"], int(found["low"]), int(found["high"]), hard=bool(found["hard"]))


@dataclass(frozen=True)
class Tier:
    """One level of the division.

    Parameters
    ----------
    name
        Name of the tier, and of its layer in a plan file.
    low, high
        Limits, both inclusive [units of `load`].
    target
        Size aimed at; the middle of the limits if left out.
    width
        Digits that this tier adds to the code of its parent.
    load
        Column that is balanced: households, or a load of the site.
    count
        Number of zones, if it is fixed.
    also
        Limits of a second load, if there are any.
    count_all
        Whether dedicated zones count, too; otherwise `count` is that of ordinary ones.
    """

    name: str
    low: int
    high: int
    target: int | None = None
    width: int = 2
    load: str = HOUSEHOLDS
    count: int | None = None
    also: Also | None = None
    count_all: bool = False

    def __post_init__(self) -> None:
        """Refuse what no division could meet."""
        refuse_other("Tier.name, load", str, self.name, self.load)
        whole = [self.low, self.high, self.width, *(n for n in (self.target, self.count) if n is not None)]
        refuse_other(f"Tier {self.name!r}, low-high, target, width, count", Integral, *whole)
        refuse_other(f"Tier {self.name!r}, also", Also, *([] if self.also is None else [self.also]))
        if self.target is None:
            object.__setattr__(self, "target", (self.low + self.high) // 2)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name) or self.name in RESERVED:
            raise InputError(say("scheme_tier_name", name=self.name))
        if self.low > self.high:
            raise InputError(say("scheme_tier_swapped", name=self.name, low=self.low, high=self.high))
        if not 0 <= self.low <= self.aim <= self.high or self.high == 0:
            raise InputError(
                say("scheme_tier_limits", name=self.name, low=self.low, target=self.target, high=self.high)
            )
        if not 2 <= self.width <= 6:
            raise InputError(say("scheme_tier_width", name=self.name, width=self.width))
        if self.count is not None and self.count < 1:
            raise InputError(say("scheme_tier_count", name=self.name, count=self.count))
        refuse_name(self.load)
        if self.also is not None and self.also.load == self.load:
            raise InputError(say("scheme_also_same", name=self.name, load=self.load))

    @property
    def aim(self) -> int:
        """Size aimed at [units of `load`]; `target`, which is never None once the tier is made."""
        return self.low if self.target is None else self.target

    def admits(self, load: float) -> bool:
        """Whether a zone with this load is within the limits."""
        return self.low <= load <= self.high

    @property
    def limits(self) -> tuple[Also, ...]:
        """What its zones shall hold: of its own load, then of the second one, if it has one."""
        own = Also(self.load, self.low, self.high, hard=True)
        return (own,) if self.also is None else (own, self.also)

    @property
    def capacity(self) -> int:
        """How many ordinary zones a parent can number; the top tenth is kept for dedicated zones."""
        return capacity(self.width)

    @property
    def reserved(self) -> int:
        """How many dedicated zones a parent can number, from the first number of the top tenth on."""
        return reserved(self.width)

    def _repr_html_(self) -> str:
        return html_facts(self._facts)

    @property
    def _facts(self) -> dict[str, object]:
        """What a table shows of it; None for what is not asked."""
        return {
            "tier": self.name,
            "limits": f"{self.low}-{self.high}",
            "target": self.target,
            "count": self.count,
            "load": self.load,
            "second": self.also,
            "width": self.width,
        }

    def __str__(self) -> str:
        """The tier as it is written on a command line."""
        count = f"x{self.count}{'all' if self.count_all else ''}" if self.count else ""
        load = "" if self.load == HOUSEHOLDS else f"/{self.load}"
        also = "" if self.also is None else f"+{self.also}"
        return f"{self.name}:{self.low}-{self.high}{count}@{self.target}:{self.width}{load}{also}"

    @classmethod
    def parse(cls, text: str, *, width: int = 2) -> Tier:
        """Read ``NAME:LOW-HIGH[xCOUNT[all]][@TARGET][:WIDTH][/LOAD][+LOAD:LOW-HIGH[!]]``; limits with an exclamation mark are hard.

        Examples
        --------
        >>> Tier.parse("micro:50-70@60")
        Tier(name='micro', low=50, high=70, target=60, width=2, load='households', count=None, also=None, count_all=False)
        >>> str(Tier.parse("micro:90-110/work+people:120-180!"))
        'micro:90-110@100:2/work+people:120-180!'
        """
        found = _TIER.fullmatch(text.strip())
        if found is None:
            raise InputError(say("scheme_tier_text", text=text))
        words = {"name", "load", "also", "all"}
        number = {k: int(v) for k, v in found.groupdict().items() if k not in words and v is not None}
        return cls(
            found["name"],
            number["low"],
            number["high"],
            number.get("target"),
            number.get("width", width),
            found["load"] or HOUSEHOLDS,
            number.get("count"),
            Also.parse(found["also"]) if found["also"] else None,
            count_all=found["all"] is not None,
        )


@dataclass(frozen=True)
class Preferences:
    """What a division shall look like where limits leave a choice. Each is 1 by default; 0 has no regard for it.

    A division minimises, over all zones of all tiers,

        equal * (e * |load - target| + 10 * missing load) / target  +  compact * sum of metre * w(what lies on it) / unit

    where e is 1, in the finest tier 3 or more: twice what the border of a zone costs there. In that tier each zone gets half of
    its border back, so that neither many nor few zones pay, and each zone more or less than the buildings' sizes suggest costs a
    border, at least 2 (`gridgeo.partition`). The second sum goes over the borders between zones, `unit` is the mean outline of a
    cell that is lived in, and w is 1 inside a block, less on streets and least on railways and water
    (`division.prepare.WEIGHTS`), to the power of `streets`; inside a compound it is 4 to the power of `compounds`. A second load
    adds 10 * what is outside its limits / their middle.

    Tiers above the finest have the number of zones that brings their mean load nearest to the target, and also add

        compact * 2 * border * sum over zones of (1 - 4 pi area / outline^2)

    where `border` is what the border of a square zone of the mean size would cost, at the mean price of a metre
    (`division.solve.tiers.with_shape`). So a border may leave a street where that makes two zones much rounder.

    Parameters
    ----------
    equal
        How near the target loads shall be; above 0.
    compact
        How short borders shall be, and how round zones above the finest tier.
    streets
        How much rather borders run along streets than between them.
    compounds
        How much compounds (小区) shall stay whole.
    """

    equal: float = 1.0
    compact: float = 1.0
    streets: float = 1.0
    compounds: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        for name in self.names():
            value = getattr(self, name)
            refuse_other(f"Preferences.{name}", Real, value)
            if not 0 <= value <= MOST_PREFERRED or (name == "equal" and value == 0):
                raise InputError(say("scheme_preference", name=name, value=value, most=MOST_PREFERRED))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What can be preferred."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Preferences:
        """Read ``NAME=WEIGHT`` texts.

        Examples
        --------
        >>> Preferences.parse(["compact=2"])
        Preferences(equal=1.0, compact=2.0, streets=1.0, compounds=1.0)
        """
        found = {}
        for text in texts:
            name, _, value = text.partition("=")
            if name not in cls.names() or not re.fullmatch(r"-?\d+(\.\d+)?(e\d+)?", value):
                raise InputError(say("scheme_preference_text", text=text, known=", ".join(cls.names())))
            found[name] = float(value)
        return cls(**found)

    def _repr_html_(self) -> str:
        return html_facts({name: f"{getattr(self, name):g}" for name in self.names()})

    def __str__(self) -> str:
        """The preferences as they are written on a command line."""
        return " ".join(f"{name}={getattr(self, name):g}" for name in self.names())


MOST_PREFERRED = 10.0
"""Beyond this, one wish drowns all others."""


@dataclass(frozen=True)
class Scheme:
    """The tiers from coarse to fine, all inside one community, and what a division shall look like.

    Examples
    --------
    >>> scheme = Scheme.preset("zhengzhou")
    >>> [str(tier) for tier in scheme]
    ['grid:300-500@400:3', 'micro:50-70@60:2']
    >>> scheme.digits("micro")
    17
    """

    tiers: tuple[Tier, ...]
    prefer: Preferences = Preferences()

    def __post_init__(self) -> None:
        """Refuse an empty scheme, repeated names, and tiers that are not from coarse to fine."""
        object.__setattr__(self, "tiers", tuple(self.tiers))
        refuse_other("Scheme.tiers", Tier, *self.tiers)
        refuse_other("Scheme.prefer", Preferences, self.prefer)
        if not self.tiers:
            raise InputError(say("scheme_empty"))
        for i, name in enumerate(self.names):
            if name in self.names[:i]:
                raise InputError(say("scheme_tier_twice", name=name))
        for coarse, fine in zip(self.tiers, self.tiers[1:], strict=False):
            if coarse.load == fine.load and fine.low > coarse.high:
                raise InputError(say("scheme_tier_order", coarse=coarse.name, fine=fine.name))

    @classmethod
    def preset(cls, name: str) -> Scheme:
        """A scheme by name: ``zhengzhou`` (grids of 300-500, micro-grids of 50-70) or ``wide`` (micro-grids of 30-100)."""
        if name not in PRESETS:
            raise InputError(say("scheme_preset_unknown", name=name, known=", ".join(sorted(PRESETS))))
        return PRESETS[name]

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Scheme:
        """Read tiers as they are written on a command line, coarse to fine; the coarsest has three digits if none are given."""
        return cls(tuple(Tier.parse(text, width=3 if i == 0 else 2) for i, text in enumerate(texts)))

    def _repr_html_(self) -> str:
        tiers = pd.DataFrame([tier._facts for tier in self.tiers]).astype(object).dropna(axis="columns", how="all")  # noqa: SLF001
        return html_table(tiers) + self.prefer._repr_html_()

    def __iter__(self) -> Iterator[Tier]:
        """Tiers from coarse to fine."""
        return iter(self.tiers)

    def __len__(self) -> int:
        """Number of tiers."""
        return len(self.tiers)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tiers, from coarse to fine."""
        return tuple(tier.name for tier in self.tiers)

    @property
    def loads(self) -> tuple[str, ...]:
        """Every load that a tier balances or limits, households left out."""
        asked = (limits.load for tier in self.tiers for limits in tier.limits)
        return tuple(dict.fromkeys(load for load in asked if load != HOUSEHOLDS))

    @property
    def finest(self) -> Tier:
        """The tier whose zones are unions of cells; all others are unions of its zones."""
        return self.tiers[-1]

    @property
    def dedicated(self) -> Tier:
        """The tier at which dedicated zones stand: the last but one, or the only one."""
        return self.tiers[max(0, len(self.tiers) - 2)]

    def tier(self, name: str) -> Tier:
        """A tier by name."""
        return self.tiers[self.depth(name)]

    def depth(self, name: str) -> int:
        """Position of a tier, 0 for the coarsest."""
        if name not in self.names:
            raise InputError(say("tier_unknown", name=name, known=", ".join(self.names)))
        return self.names.index(name)

    def digits(self, name: str) -> int:
        """Length of the codes of a tier [digits]."""
        return COMMUNITY_DIGITS + sum(tier.width for tier in self.tiers[: self.depth(name) + 1])


PRESETS = {
    "zhengzhou": Scheme((Tier("grid", 300, 500, 400, width=3), Tier("micro", 50, 70, 60, width=2))),
    "wide": Scheme((Tier("grid", 300, 500, 400, width=3), Tier("micro", 30, 100, 60, width=2))),
}
