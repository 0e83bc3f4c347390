"""Citing: the package at an exact version, one of its tables, records or sources, in the usual styles."""

from aistatecraft.citing.cite import cite
from aistatecraft.citing.styles import STYLES

__all__ = ["STYLES", "cite"]
