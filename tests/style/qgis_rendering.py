"""Run by a Python that has QGIS: ``python qgis_rendering.py FILE PICTURE SCALE`` prints what a file's project shows, as JSON."""

from __future__ import annotations

import json
import os
import sys


def main(file: str, picture: str, scale: str) -> None:
    """Draw the project at a scale."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from qgis.core import (
        QgsApplication,
        QgsLayerTree,
        QgsMapRendererParallelJob,
        QgsMapSettings,
        QgsProject,
        QgsVectorLayer,
    )
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    read = project.read(f"geopackage:{file}?projectName=gridgeo")
    shown = [layer for layer in project.layerTreeRoot().checkedLayers() if layer.isSpatial()]
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(1200, 900))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor("white"))
    extent = project.mapLayersByName(shown[-1].name())[0].extent()
    settings.setExtent(extent)
    extent.scale(float(scale) / settings.scale())
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    labels = job.takeLabelingResults().labelsWithinRect(settings.extent())
    styled = {}
    for name in ("grid", "micro", "institutions", "buildings_read", "faults"):
        layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
        if layer.isValid():
            styled[name] = layer.loadDefaultStyle()[1]
    told = {
        "read": read,
        "crs": project.crs().authid(),
        "groups": [group.name() for group in project.layerTreeRoot().children() if QgsLayerTree.isGroup(group)],
        "valid": {layer.name(): layer.isValid() for layer in project.mapLayers().values()},
        "shown": [layer.name() for layer in shown],
        "labels": sorted(label.labelText for label in labels),
        "errors": [error.message for error in job.errors()],
        "styled": styled,
        "extent": [settings.extent().xMinimum(), settings.extent().yMaximum(), settings.mapUnitsPerPixel()],
    }
    print("told:" + json.dumps(told))
    application.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
