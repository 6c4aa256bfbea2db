"""The one way by which text enters a page."""

from __future__ import annotations

import pandas as pd

from gridgeo.maps.web.safe_text import esc, with_policy


def test_one_function_makes_text_safe() -> None:
    assert esc("<a href=\"x\" id='y'>`${z}`\\&</a>").isascii()
    assert not set(esc("<a href=\"x\" id='y'>`${z}`\\</a>").replace("&#", "")) & set("<>\"'`$\\{}")
    assert esc(None) == esc(pd.NA) == esc(float("nan")) == ""
    assert esc("a\u202eb\u200bc\x00d\ne") == "abcd e"
    assert esc(12) == "12"


def test_the_policy_is_put_first() -> None:
    assert with_policy("<head><script>1</script></head>").startswith(
        '<head>\n    <meta http-equiv="Content-Security-Policy"'
    )
