"""Files: the only reader of others' files, of plan files, and the only way bytes reach a disk.

Steps
-----
replacing, checksums, atomic
    Every file is the old one or the new one, whole; bytes, texts and GeoPackages.
exchange_formats, workbooks
    Tables as bytes of other formats.
reading
    Others' files to a site, every row accounted for.
plan_file
    Plans to a file and back.
drawing
    Zones of a plan file, or drawn by hand.
"""

from gridgeo.files.atomic import write_bytes, write_layers, write_text
from gridgeo.files.drawing import read_zones
from gridgeo.files.exchange_formats import as_csv, as_geojson, as_kml, as_parquet, as_shapefile, zipped
from gridgeo.files.plan_file import layers_of, read_plan, read_saved_site, read_scheme, scheme_table, write_plan
from gridgeo.files.replacing import (
    make_folder,
    refuse_ending,
    refuse_existing,
    refuse_inputs,
    refuse_package,
    refuse_twice,
    write_files,
)
from gridgeo.files.workbooks import Sheet, as_workbook

__all__ = [
    "Sheet",
    "as_csv",
    "as_geojson",
    "as_kml",
    "as_parquet",
    "as_shapefile",
    "as_workbook",
    "layers_of",
    "make_folder",
    "read_plan",
    "read_saved_site",
    "read_scheme",
    "read_zones",
    "refuse_ending",
    "refuse_existing",
    "refuse_inputs",
    "refuse_package",
    "refuse_twice",
    "scheme_table",
    "write_bytes",
    "write_files",
    "write_layers",
    "write_plan",
    "write_text",
    "zipped",
]
