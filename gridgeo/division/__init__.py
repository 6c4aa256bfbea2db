"""The verb divide: land and the numbers of those who live on it to a plan.

Each community, or each zone that is given, is divided for itself. What has to be kept out of a search is taken out first:
institutions become dedicated zones; water and railway land is attached to finished zones and never connects two; land behind
barriers that holds too few for a zone of its own is joined across the barrier that it has most of. The rest is a graph for the
solver.

Steps
-----
picked_institutions
    Institutions picked by class, if that is asked for: a site with more of them.
request
    What is asked, as one value; what cannot be met is refused.
prepare
    Land as cells, their borders and sums, given and kept zones.
heeding
    The rest is done on another thread, so that Ctrl-C ends a search with the best found so far.
solve
    Parts of every tier.
numbering
    Their codes.
explain
    What is not as asked, and why.
plan_record
    The plan, its registry and its manifest.
pipeline
    These steps in their order: the verb divide.
alternatives
    Several good plans that differ: the verb variants.
"""

from gridgeo.division.alternatives import variants
from gridgeo.division.picked_institutions import with_institutions
from gridgeo.division.pipeline import divide

__all__ = ["divide", "variants", "with_institutions"]
