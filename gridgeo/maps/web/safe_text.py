"""The one way by which text enters a page: nothing that a resident typed may run, whatever it looks like."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata

import pandas as pd

_DANGEROUS = "&<>\"'`$\\{}"
"""What HTML, script strings, template strings and template engines treat as their own."""

_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in _DANGEROUS}
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def esc(value: object) -> str:
    """Text for a page: signs with a meaning as entities, characters without a shape left out, missing values empty."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 (a float that is not a number)
        return ""
    shaped = (" " if sign.isspace() else sign for sign in str(value) if sign.isspace() or _has_shape(sign))
    return "".join(shaped).translate(_ENTITIES)


def script_json(value: object) -> str:
    """JSON that can stand in a script: it cannot end the script, and every text in it went through `esc`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def with_policy(html: str) -> str:
    """The page with a content security policy: only the scripts that stand in it run, and it can ask no host for anything."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _SCRIPT.findall(html))
    sources = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    policy = f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; img-src data:"
    return html.replace("<head>", f'<head>\n    <meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _has_shape(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("C")
