"""Fixing tables: their canonical form, and the repairs that cannot change what a table says.

`open_to_write` opens a package under its lock; `mend_package` and `repair_package` work out what would be written and count each
repair; `write` puts it there, all files or none. A file in which a repair could lose or move a cell is refused.
"""

from aistatecraft.mending.package import Mended, is_own, mend_package, open_to_write, repair_package, write
from aistatecraft.mending.safe import SAFE, fixable

__all__ = ["SAFE", "Mended", "fixable", "is_own", "mend_package", "open_to_write", "repair_package", "write"]
