"""Buildings with too many households, cut into parts of given size."""
