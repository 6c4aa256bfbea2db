"""All land of a block to the nearest of its footprints, exactly: a Voronoi diagram of polygons."""
