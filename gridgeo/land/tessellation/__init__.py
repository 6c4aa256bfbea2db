"""Cells: members, and land without buildings in stretches."""
