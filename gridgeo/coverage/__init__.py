"""Planar toolkit: polygons on the precision grid, noded, traced, united; nothing here knows what they mean."""
