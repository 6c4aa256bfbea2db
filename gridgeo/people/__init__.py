"""What happens in zones, and who answers for it: reads a plan and tables of an office, changes neither; every total is conserved.

Steps
-----
placing
    In which cell, at which building and in which zones points, buildings and addresses are.
staffing
    Who is where: shares, vacancies and who could fill them, a list to fill in.
street_network, reaching
    Walking over the streets; who reaches a post in time, and how few posts would do.
tallying
    What a table of events adds up to in each zone.
"""

from __future__ import annotations

from gridgeo.people.placing import locate
from gridgeo.people.reaching import Posts, Reach, posts_needed, reach
from gridgeo.people.staffing import roster_sheet, staffed, vacancies
from gridgeo.people.tallying import dates_of, tally

__all__ = [
    "Posts",
    "Reach",
    "dates_of",
    "locate",
    "posts_needed",
    "reach",
    "roster_sheet",
    "staffed",
    "tally",
    "vacancies",
]
