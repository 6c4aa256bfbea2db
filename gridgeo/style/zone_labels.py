"""Short labels of zones."""

from __future__ import annotations

from gridgeo.model import COMMUNITY_DIGITS, Scheme


def label(code: str, scheme: Scheme) -> str:
    """Short label of a zone: the digits behind its community's, tier by tier.

    Zeros that only fill up the code of a dedicated zone are left out.

    Examples
    --------
    >>> label("41010500100100305", Scheme.preset("zhengzhou"))
    '003-05'
    >>> label("41010500100190100", Scheme.preset("zhengzhou"))
    '901'
    """
    ends = [scheme.digits(name) for name in scheme.names]
    parts = [code[start:end] for start, end in zip([COMMUNITY_DIGITS, *ends], ends, strict=False)]
    filled = [part for part in parts if part.strip("0")]
    return "-".join(filled) or code
