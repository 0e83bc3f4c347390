"""Adding records: a row with its source and its evidence, completed, checked in place, and written together."""

from aistatecraft.editing.checking import CheckedRows, check, write
from aistatecraft.editing.draft import Ask, Draft, Evidence, complete, evidence_for, settings, table_named
from aistatecraft.editing.identifiers import propose

__all__ = ["Ask", "CheckedRows", "Draft", "Evidence", "check", "complete", "evidence_for", "propose", "settings", "table_named", "write"]
