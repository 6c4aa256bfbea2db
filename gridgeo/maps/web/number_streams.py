"""Numbers and texts of a page, packed small: each kind of number by itself, as differences, seven bits a byte, deflated.

A chunk is deflated as one and unpacked by the browser itself (`DecompressionStream`)::

    4 bytes     length of the head
    head        JSON: "values" as they are, "streams" as [name, how, count, bytes]
    streams     one after the other; how: u whole numbers from 0, z signed ones, d differences of signed ones, t lines of text
"""

from __future__ import annotations

import base64
import json
import unicodedata
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

_LOW = np.uint64(127)
_MOST_BYTES = 5


class Chunk:
    """What is unpacked together."""

    def __init__(self, **values: Any) -> None:
        self.values: dict[str, Any] = values
        self._heads: list[list[Any]] = []
        self._data: list[bytes] = []

    def put(self, name: str, numbers: npt.ArrayLike) -> None:
        """Add whole numbers from 0."""
        self._add(name, "u", np.asarray(numbers, dtype=np.int64))

    def put_signed(self, name: str, numbers: npt.ArrayLike) -> None:
        """Add numbers round 0."""
        self._add(name, "z", zigzag(np.asarray(numbers, dtype=np.int64)))

    def put_rising(self, name: str, numbers: npt.ArrayLike) -> None:
        """Add numbers of which each is near the one before."""
        whole = np.asarray(numbers, dtype=np.int64)
        self._add(name, "d", zigzag(whole - np.append(0, whole)[:-1]))

    def put_texts(self, name: str, texts: Iterable[object]) -> None:
        """Add texts, a line each."""
        lines = [shown(text) for text in texts]
        self._keep((name, "t", len(lines)), "\n".join(lines).encode())

    def put_repeated(self, name: str, texts: pd.Series) -> None:
        """Add texts of which many are equal: each once, and the number of each row's; 0 where there is none."""
        row, different = pd.factorize(texts)
        said = [shown(text) for text in different]
        sorted_ = sorted({"", *said})
        place = {text: at for at, text in enumerate(sorted_)}
        at = np.array([*(place[text] for text in said), 0], dtype=np.int64)
        self.put(f"{name}_of", at[row])
        self.put_texts(name, sorted_)

    def packed(self) -> str:
        """The chunk as text (base64)."""
        head = json.dumps({"values": self.values, "streams": self._heads}, ensure_ascii=False, allow_nan=False)
        raw = head.encode()
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
        data = packer.compress(b"".join([len(raw).to_bytes(4, "little"), raw, *self._data])) + packer.flush()
        return base64.b64encode(data).decode("ascii")

    def _add(self, name: str, how: str, numbers: npt.NDArray[Any]) -> None:
        self._keep((name, how, len(numbers)), varint(numbers.astype(np.uint64)))

    def _keep(self, head: tuple[str, str, int], data: bytes) -> None:
        self._heads.append([*head, len(data)])
        self._data.append(data)


def shown(value: object) -> str:
    """Text as it is shown: on one line, without characters that have no shape; missing values empty."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 (a float that is not a number)
        return ""
    text = str(value)
    if text.isprintable():
        return text
    signs = (" " if sign.isspace() else sign for sign in text)
    return "".join(sign for sign in signs if sign == " " or not unicodedata.category(sign).startswith("C"))


def zigzag(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Signed numbers as whole ones from 0: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4."""
    return ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)


def varint(numbers: npt.NDArray[np.uint64]) -> bytes:
    """Seven bits a byte, the lowest first; the eighth bit says that more follow."""
    width = np.ones(len(numbers), dtype=np.int64)
    for k in range(1, _MOST_BYTES):
        width += numbers >= np.uint64(1 << (7 * k))
    start = np.append(0, np.cumsum(width))
    out = np.zeros(start[-1], dtype=np.uint8)
    for k in range(_MOST_BYTES):
        rows = np.flatnonzero(width > k)
        more = np.where(width[rows] > k + 1, 128, 0).astype(np.uint64)
        out[start[rows] + k] = ((numbers[rows] >> np.uint64(7 * k)) & _LOW) | more
    return out.tobytes()
