"""Citing: the package at an exact version, one of its tables, records or sources, in the usual styles."""

from aistatecraft.citations.cite import cite
from aistatecraft.citations.styles import STYLES

__all__ = ["STYLES", "cite"]
