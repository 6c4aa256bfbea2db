"""Connected components: what hangs together by pairs of neighbours."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridgeo.coverage.precision import Ints


def components(one: Ints, other: Ints, count: int) -> Ints:
    """Number of the component of each of `count` things, by the lowest member of each.

    Parameters
    ----------
    one, other
        Pairs that are linked, by number; in any order, and as often as one likes.
    """
    links = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
    return connected_components(links, directed=False)[1].astype(np.int64)
