"""Repairs of tables: their canonical form, and fixes that cannot change what a table says.

`fix_package` works out what would be written and counts each repair; `write` puts it there, all files or none. A file in
which a repair could lose or move a cell is refused, not guessed at.
"""

from aistatecraft.fixing.package import SAFE, FixedTable, fix_package, fixable, write

__all__ = ["SAFE", "FixedTable", "fix_package", "fixable", "write"]
