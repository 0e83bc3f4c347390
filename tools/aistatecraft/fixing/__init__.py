"""Fixing tables: their canonical form, and the repairs that cannot change what a table says.

`open_to_write` opens a package under its lock; `fix_package` and `repair_package` work out what would be written and count each
repair; `write` puts it there, all files or none. A file in which a repair could lose or move a cell is refused.
"""

from aistatecraft.fixing.package import SAFE, FixedTable, fix_package, fixable, is_own, open_to_write, repair_package, write

__all__ = ["SAFE", "FixedTable", "fix_package", "fixable", "is_own", "open_to_write", "repair_package", "write"]
