"""Which findings only follow from others: a table that cannot be read makes every record that refers to it look wrong."""

from __future__ import annotations

from aistatecraft.package import Package
from aistatecraft.validation.report import Finding

__all__ = ["CAUSES", "consequences"]

CAUSES = frozenset({"delimiter", "header", "not-csv", "missing-file", "too-large", "changed", "missing-column"})
"""Rules whose findings say that a table, or a column of it, could not be read."""


def consequences(package: Package, findings: list[Finding]) -> list[Finding]:
    """The findings that may be gone once the causes are fixed: references into a table that could not be read as a whole, and
    rules that compare tables, of which that is one. Where only cells are garbled, those are rules about that table. Findings about
    the text of a table are never among them."""
    files = {resource.path: name for name, resource in package.resources.items()}
    broken = {files[finding.file] for finding in findings if finding.rule in CAUSES and finding.file in files}
    garbled = {files[finding.file] for finding in findings if finding.rule == "encoding" and finding.file in files}
    if not broken and not garbled:
        return []
    from aistatecraft.validation.rules import RULES

    scopes = {rule.id: rule.scope for rule in RULES.values()}
    referring = {
        (resource.path, field)
        for name, resource in package.resources.items()
        for key in resource.schema.foreign_keys
        if (key.resource or name) in broken
        for field in key.fields
    }
    return [
        finding
        for finding in findings
        if (scopes.get(finding.rule) == "package" and (broken or files.get(finding.file) in garbled))
        or (scopes.get(finding.rule) == "table" and files.get(finding.file) in broken)
        or (finding.rule == "foreign-key" and (finding.file, finding.field) in referring)
    ]
