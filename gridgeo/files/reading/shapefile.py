"""Shapefiles: companions that must be there, and texts whose encoding nobody wrote down."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio

from gridgeo.messages import Text, say

_LATIN = "ISO-8859-1"
"""Read so, each byte is one character, and the bytes can be had back."""

_RUN = re.compile(rb"[\x80-\xff]+")
_CHINESE_RUNS = 0.8
"""Share of runs of high bytes that are pairs or longer, from which on text is taken for Chinese: a Western accent stands alone."""


def shapefile_fault(path: Path, head: bytes) -> Text | None:
    """What is missing or cut off, from the headers alone; None if all is well."""
    for suffix in (".dbf", ".shx"):
        if companion(path, suffix) is None:
            return say("fault_companion", name=f"{path.stem}{suffix}")
    table, index = (companion(path, suffix) for suffix in (".dbf", ".shx"))
    words = struct.unpack(">i", head[24:28])[0] if len(head) >= 100 else -1
    if words * 2 > path.stat().st_size or words < 0:
        return say("fault_cut", name=path.name)
    with table.open("rb") as file:  # type: ignore[union-attr]
        start = file.read(32)
    if len(start) < 32:
        return say("fault_cut", name=f"{path.stem}.dbf")
    records, header, width = struct.unpack("<IHH", start[4:12])
    if header + records * width > table.stat().st_size:  # type: ignore[union-attr]
        return say("fault_cut", name=f"{path.stem}.dbf")
    shapes = (index.stat().st_size - 100) // 8  # type: ignore[union-attr]
    return None if shapes == records else say("fault_counts", shapes=shapes, records=records)


def companion(path: Path, suffix: str) -> Path | None:
    """The file of the same stem with this suffix, in small or capital letters."""
    for name in (suffix, suffix.upper()):
        if path.with_suffix(name).is_file():
            return path.with_suffix(name)
    return None


def read_shapefile(path: Path, types: Callable[[Any], Any]) -> pd.DataFrame:
    """Read a Shapefile; its texts are decoded here, for GDAL refuses names cut inside a character and guesses in silence."""
    table = pyogrio.read_dataframe(
        path, encoding=_LATIN, on_invalid="fix", use_arrow=True, arrow_to_pandas_kwargs={"types_mapper": types}
    )
    texts = [name for name in table.columns if isinstance(table[name].dtype, pd.StringDtype)]
    encoding = _declared(path) or guess_encoding(_raw_texts(table, texts))
    if encoding == _LATIN:
        return table
    decoded = {name: table[name].map(lambda text: _decode(text, encoding), na_action="ignore") for name in texts}
    return table.assign(**decoded).rename(columns=lambda name: _decode(name, encoding))


def _decode(text: str, encoding: str) -> str:
    # Fields have a fixed width in bytes, so the last character may be half there.
    return text.encode(_LATIN).decode(encoding, errors="ignore")


def _raw_texts(table: pd.DataFrame, columns: list[str]) -> list[bytes]:
    texts = [str(name) for name in table.columns]
    for name in columns:
        texts.extend(table[name].dropna().unique())
    return [text.encode(_LATIN) for text in texts if not text.isascii()]


def _declared(path: Path) -> str | None:
    """Encoding that the .cpg names, if it is one that Python knows."""
    page = companion(path, ".cpg")
    name = page.read_text("ascii", errors="ignore").strip() if page else ""
    name = f"cp{name}" if name.isdigit() else name
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return "gb18030" if found in {"gb2312", "gbk", "cp936"} else found


def guess_encoding(texts: list[bytes]) -> str:
    """Encoding of texts that are not plain ASCII: UTF-8 if they are valid, GB18030 if they look Chinese, else Latin-1."""
    if texts and all(_valid(text, "utf-8") for text in texts):
        return "utf-8"
    runs = [len(run) for text in texts for run in _RUN.findall(text)]
    paired = sum(length >= 2 for length in runs)
    chinese = paired >= _CHINESE_RUNS * len(runs) and all(_valid(text, "gb18030") for text in texts)
    return "gb18030" if texts and chinese else _LATIN


def _valid(text: bytes, encoding: str) -> bool:
    """Whether bytes are text in this encoding, but for a last character that may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(text)
    except UnicodeDecodeError:
        return False
    return True
