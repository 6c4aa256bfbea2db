"""Short labels of zones."""

from __future__ import annotations

from gridgeo.model import COMMUNITY_DIGITS, Scheme


def label(code: str, scheme: Scheme | None) -> str:
    """Short label of a zone: the digits behind its community's, tier by tier.

    Zeros that only fill up the code of a dedicated zone are left out. Without a scheme the code is its own label.

    Examples
    --------
    >>> label("41010500100100305", Scheme.preset("zhengzhou"))
    '003-05'
    >>> label("41010500100190100", Scheme.preset("zhengzhou"))
    '901'
    """
    if scheme is None:
        return code
    filled = [part for part in _parts(code, scheme) if part.strip("0")]
    return "-".join(filled) or code


def code_text(code: str, scheme: Scheme) -> str:
    """A code with its parts apart, which no spreadsheet takes for a number.

    Examples
    --------
    >>> code_text("41010500100100305", Scheme.preset("zhengzhou"))
    '410105001001-003-05'
    """
    return "-".join(part for part in (code[:COMMUNITY_DIGITS], *_parts(code, scheme)) if part)


def _parts(code: str, scheme: Scheme) -> list[str]:
    """Digits of each tier."""
    ends = [scheme.digits(name) for name in scheme.names]
    return [code[start:end] for start, end in zip([COMMUNITY_DIGITS, *ends], ends, strict=False)]
