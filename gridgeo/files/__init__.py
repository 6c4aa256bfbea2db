"""Files: the only reader of others' files, of plan files, and the only way bytes reach a disk.

Steps
-----
atomic
    Every file is the old one or the new one, whole.
reading
    Others' files to a site, every row accounted for.
plan_file
    Plans to a file and back.
drawing
    Zones of a plan file, or drawn by hand.
"""

from gridgeo.files.atomic import make_folder, refuse_existing, refuse_package, write_bytes, write_layers, write_text
from gridgeo.files.drawing import read_zones
from gridgeo.files.plan_file import layers_of, read_plan, read_saved_site, read_scheme, scheme_table, write_plan

__all__ = [
    "layers_of",
    "make_folder",
    "read_plan",
    "read_saved_site",
    "read_scheme",
    "read_zones",
    "refuse_existing",
    "refuse_package",
    "scheme_table",
    "write_bytes",
    "write_layers",
    "write_plan",
    "write_text",
]
