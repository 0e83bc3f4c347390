"""Reports as commands of a GitHub workflow, which annotate the lines of a pull request."""

from __future__ import annotations

from collections import Counter

from aistatecraft.errors import plural
from aistatecraft.package.escape import printable
from aistatecraft.package.storage import is_address
from aistatecraft.validation.report import Report, folded
from aistatecraft.validation.reporters.context import RenderContext

__all__ = ["ANNOTATIONS", "github"]

ANNOTATIONS = 10
"""How many errors, and how many warnings, GitHub shows of one step."""


def _data(value: str) -> str:
    return printable(value, 1_000).replace("%", "%25")


def _attribute(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _plain(value: str) -> str:
    # The older form of a command counts anywhere in a line.
    return printable(value, 1_000).replace("##[", "#\\u0023[")


def github(report: Report, beside: RenderContext = RenderContext()) -> str:
    """Annotations for the first errors and warnings; the others as plain lines of the log, repeated ones counted."""
    lines: list[str] = []
    said: Counter[str] = Counter()
    rest = []
    for finding in report.findings:
        said[finding.severity] += 1
        if said[finding.severity] > ANNOTATIONS:
            rest.append(finding)
            continue
        file, title = _attribute(beside.path(finding.file)), _attribute(finding.rule)
        what = "; ".join(part for part in (finding.message, finding.hint) if part)
        who = f"{finding.record}: " if finding.record else ""
        if is_address(finding.file):  # no file of the repository, whose lines could be annotated
            lines.append(f"::{finding.severity} title={title}::{_data(f'{finding.place}: {who}{what}')}")
        else:
            lines.append(f"::{finding.severity} file={file},line={max(finding.line, 1)},title={title}::{_data(who + what)}")
    if rest:
        lines.append(f"{plural(len(rest), 'problem')} not shown as annotations:")
        for finding, more in folded(rest):
            lines.append(f"  {finding.severity}: {_plain(finding.sentence)}" + (f" (and {more:,} more of this kind)" if more else ""))
    return "\n".join(lines)
