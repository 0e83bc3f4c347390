"""Diff: what changed between two packages, down to the cell, and which version number that demands."""

from aistatecraft.comparison.changes import Change, ChangeSet
from aistatecraft.comparison.compare import compare

__all__ = ["Change", "ChangeSet", "compare"]
