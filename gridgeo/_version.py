"""The version, where both the package and its installer can read it without importing anything."""

VERSION = "0.1.0"
