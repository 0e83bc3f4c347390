"""Adding records: a row with its source and its evidence, made complete, checked as if it stood there, written all together."""

from aistatecraft.adding.checking import Checked, check, write
from aistatecraft.adding.draft import Ask, Draft, Evidence, complete, evidence_for, settings, table_named
from aistatecraft.adding.identifiers import propose

__all__ = ["Ask", "Checked", "Draft", "Evidence", "check", "complete", "evidence_for", "propose", "settings", "table_named", "write"]
