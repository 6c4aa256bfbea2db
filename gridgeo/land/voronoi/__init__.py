"""All land of a block to the nearest of its footprints: a Voronoi diagram of polygons, exact where cells meet.

How a block is divided::

    border of the block                     triangles between border and walls         cells
    +-------------------------------+       +---------------*---------------+          +-------*-------+
    |                               |       |\\           . | .            /|          |       |       |
    |   +-------+       +-------+   |       | \\+-------+   *   +-------+ / |          |   +---+---+   |
    |   |   A   |       |   B   |   |  -->  |  |   A   | . |  .|   B   |    |   -->    |   A   |   B   |
    |   +-------+       +-------+   |       | /+-------+   *   +-------+ \\ |          |       |       |
    |                               |       |/           . | .            \\|          |       |       |
    +-------------------------------+       +---------------*---------------+          +-------*-------+

1. Footprints become disjoint *faces* with one owner each; an owner is a *label* within its batch of blocks.
2. Along each edge of a border, the label of the nearest footprint changes at *breaks*: points with the same distance to two labels,
   which a search for the *lower envelope* of the distances finds. Both blocks of an edge get the breaks of both as points.
3. Border and walls are the edges of a *constrained Delaunay triangulation*; what lies on their left says what is over a triangle.
4. Sides of triangles on free land get breaks as well, once for both triangles of a side.
5. Each triangle is cut from break to break: by a chord or a bend along the *bisector* of two labels, by a star where three meet. A
   triangle that is none of these is halved.
6. Each cut writes two *arcs*, one for the label on either side; so does each edge of a border or party wall. Arcs of one label
   are traced to *rings*, and rings are polygons. Parts that do not hang together with the largest face of their label
   go to the neighbour along the longest edge.

Invariants
----------
* Points of a border are all known before any triangle is cut. None is added, moved or dropped later, whatever happens in a block;
  so blocks are computed one by one, and fit to each other vertex by vertex.
* Arcs come in pairs, (tail, head, left) and (head, tail, right), but on the border of a block. At each point as many arcs of a
  label come in as go out, so rings close, whatever rounding did to the coordinates.
* The breaks of a side are found once and read by both triangles, onwards by one, backwards by the other. A halving line is private
  to its triangle: it gets breaks of its own, and its middle never becomes a point of a cell.
* No array has a limit that land can reach: room for breaks, points and arcs is made again, larger, and the batch is done again.
* Nothing depends on the order of rows, or on which blocks are done together. Walls on the precision grid are compared exactly.

Values
------
Kernels hand on few values, each of which holds what travels together; named tuples cost nothing once compiled.

============= ==================== ==================================================================================
value         of module            what it is
============= ==================== ==================================================================================
`Point`       nearest              x, y
`Labels`      nearest              two labels: of the ends of a segment, or of the land on both sides of a cut
`Segment`     envelope             tail and head, two points
`Side`        arc_buffer           a triangle, and which of its three sides
`Bvh`         nearest              edges of all labels of a batch, and a tree of boxes for each block
`BlockTree`   nearest              one of these trees: what points of one block can be nearest to
`Breaks`      envelope             breaks of the last segment, and memory to find them
`BreakSearch` envelope             a tree and memory: where breaks are looked for, and where they are written down
`Mesh`        block_mesh           triangles of all blocks of a batch: corners, neighbours, what lies over each
`ArcBuffer`   arc_buffer           points, arcs and breaks written down so far; none of them is changed later
`MeshCut`     arc_buffer           all of these: mesh, tree, buffer, sides, breaks
============= ==================== ==================================================================================

Tolerances
----------
From fine to coarse, each where it is used; `tests/land/test_voronoi.py` holds this table against the code.

====================================== ======== ==================================================================
constant                               m        meaning
====================================== ======== ==================================================================
coverage.tracing._TOUCHING             1e-08    the middle of an arc lies on its line
coverage.precision.PRECISION_M         2**-10   grid of all that is given; noding moves a wall by less than half a step
coverage.precision.APART               0.003    what is nearer is noded together
land.voronoi.envelope._EVEN            0.003    distances that differ by less are equal; breaks are as exact
land.voronoi.sharing._THINNER          0.01     footprints are thinner by this, where walls are no edges
land.enclosures.block_borders._APART   0.02     least distance of a break from other points of a border
land.voronoi.envelope._NEARER          0.02     by so much a third label must be nearer to get a piece of a side
land.voronoi.envelope._STEP            0.02     so far from a corner of two labels the label of a side is read
land.voronoi.triangle_cuts._BEND       0.1      difference of distances at a cut, at most: how exact cells are
land.voronoi.envelope._SHORTEST        0.5      a shorter piece of a side gets no third label
land.voronoi.triangle_cuts._SMALL      0.5      a triangle with shorter sides is not halved
land.voronoi.envelope._SHORT           2        a longer piece between two ends of one label is asked for others in its middle
land.voronoi.sharing._STEP             2        so far apart points stand for walls that are no edges
land.voronoi.triangle_cuts._CLOSE      5        a longer cut is tested at three places
land.voronoi.envelope._LONG            20       a longer piece is asked on both sides of its middle
====================================== ======== ==================================================================

The order matters: what is noded together (APART) is nearer than breaks can be (_APART), and these are nearer than cuts are exact
(_BEND), so that no error of one step looks like a shape to the next.

Steps
-----
footprint_faces
    Footprints become disjoint faces.
nearest
    Which label is nearest to a point: a tree of bounding boxes (BVH).
envelope
    Where along a segment that changes.
batching
    Blocks with their footprints, some at a time.
block_mesh
    Triangles between borders and walls, and what lies over each.
arc_buffer
    What cutting writes down: points, arcs, breaks.
triangle_sides
    Breaks of the sides of all triangles.
triangle_cuts
    Triangles are cut from break to break.
sharing
    Land of a batch, and what is done where that fails.
land_shares
    Land of all blocks.

References
----------
* Fortune, S. (1987). A sweepline algorithm for Voronoi diagrams. Algorithmica 2. Segments as sites; here footprints are, and the
  diagram is found from a triangulation instead of a sweep.
* Chew, L. P. (1989). Constrained Delaunay triangulations. Algorithmica 4. The triangulation itself is CDT's (Amirkhanov).
* Agarwal, P. K., and Sharir, M. (1995). Davenport-Schinzel sequences and their geometric applications. Lower envelopes.
* Dowell, M., and Jarratt, P. (1971). A modified regula falsi method for computing the root of an equation. BIT 11.
* Hobby, J. D. (1999). Practical segment intersection with finite precision output. Computational Geometry 13. Snap rounding.
* Fleischmann, M., and others (2020). Morphological tessellation as a way of partitioning space. Computers, Environment and Urban
  Systems 80. The same division by points along walls, approximately.
"""

from gridgeo.land.voronoi.land_shares import share_land
from gridgeo.land.voronoi.sharing import Retried, Shares

__all__ = ["Retried", "Shares", "share_land"]
