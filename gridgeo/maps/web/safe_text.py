"""Text in the HTML of a page: nothing that a resident typed may run, whatever it looks like. All other text travels packed."""

from __future__ import annotations

import base64
import hashlib
import re

from gridgeo.maps.web.number_streams import shown

_DANGEROUS = "&<>\"'`$\\{}"
"""What HTML, script strings, template strings and template engines treat as their own."""

_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in _DANGEROUS}
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)


def esc(value: object) -> str:
    """Text for HTML: signs with a meaning as entities, characters without a shape left out, missing values empty."""
    return shown(value).translate(_ENTITIES)


def with_policy(html: str, *hosts: str) -> str:
    """The page with a content security policy: only what stands in it runs, and it asks no host but those for pictures."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _SCRIPT.findall(html))
    sources = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    images = " ".join(["data:", *hosts])
    policy = f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; img-src {images}; worker-src blob:"
    return html.replace("<head>", f'<head>\n    <meta http-equiv="Content-Security-Policy" content="{policy}">', 1)
