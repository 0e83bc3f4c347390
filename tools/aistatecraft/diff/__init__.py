"""Diff: what changed between two packages, down to the cell, and which version number that demands."""

from aistatecraft.diff.changes import Change, ChangeSet
from aistatecraft.diff.compare import compare, diff

__all__ = ["Change", "ChangeSet", "compare", "diff"]
