"""Mending tables: their canonical form, and the repairs that cannot change what a table says.

`mend_package` works out what would be written and counts each repair; `write` puts it there, all files or none. A file in
which a repair could lose or move a cell is refused, not guessed at.
"""

from aistatecraft.mending.package import Mended, mend_package, write
from aistatecraft.mending.safe import SAFE, fixable

__all__ = ["SAFE", "Mended", "fixable", "mend_package", "write"]
