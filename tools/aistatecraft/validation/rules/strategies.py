"""Strategies: what replaces what, and what the status of a document rests on."""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.validation.rules.base import Problem, RuleContext, rule


@rule("supersedes-within", scope="package", tables=("strategies",))
def supersedes_within(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A strategy supersedes only a strategy of the same jurisdiction that is not more recent and has the status superseded."""
    from aistatecraft.package.edtf import first_and_last

    records = tables.records[name]
    for row in tables.rows(name):
        before = records.get(row["supersedes"] or "")
        if before is None:
            continue
        if before["jurisdiction"] != row["jurisdiction"]:
            yield Problem(
                row["_row"],
                "supersedes",
                f"{row['supersedes']!r} is of {before['jurisdiction']}, not of {row['jurisdiction']}",
                "correct supersedes",
            )
        if before["status"] not in (None, "superseded", "repealed", "abandoned"):
            yield Problem(
                row["_row"],
                "supersedes",
                f"{row['supersedes']!r} is replaced and has the status {before['status']!r}",
                "set its status to superseded, or take supersedes out",
            )
        if row["adopted"] and before["adopted"] and first_and_last(row["adopted"])[1] < first_and_last(before["adopted"])[0]:
            yield Problem(
                row["_row"],
                "supersedes",
                f"it was adopted {row['adopted']}, before {row['supersedes']!r} ({before['adopted']})",
                "correct supersedes or the dates",
            )


@rule("supersedes-without-cycle", scope="table", tables=("strategies",))
def supersedes_without_cycle(name: str, tables: RuleContext) -> Iterator[Problem]:
    """No strategy supersedes itself, directly or through other strategies."""
    before = {row["id"]: row["supersedes"] for row in tables.rows(name)}
    for row in tables.rows(name):
        seen = [row["id"]]
        step = row["supersedes"]
        while step is not None and step not in seen:
            seen.append(step)
            step = before.get(step)
        if step == row["id"]:
            yield Problem(
                row["_row"],
                "supersedes",
                f"{' -> '.join([*seen, step])}: the documents replace each other in a circle",
                "correct one of them",
            )


@rule("adopted-needs-date", scope="row", tables=("strategies",), severity="warning")
def adopted_needs_date(name: str, tables: RuleContext) -> Iterator[Problem]:
    """An adopted strategy has a date of adoption, or a note that none was found. A draft has none."""
    for row in tables.rows(name):
        if row["status"] == "adopted" and not row["adopted"] and not row["note"]:
            yield Problem(
                row["_row"], "adopted", "the strategy is adopted and has no date", "fill in adopted, or say in note that no date was seen"
            )
        if row["status"] in ("draft", "in_preparation") and row["adopted"]:
            yield Problem(
                row["_row"],
                "adopted",
                f"a strategy with the status {row['status']!r} has an adoption date",
                "move the date to events, or correct the status",
            )


@rule("ended-needs-event", scope="package", tables=("strategies", "instruments"))
def ended_needs_event(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A repealed document has an event that records this, or the date on which it ended."""
    ends = {(row["record_table"], row["record_id"]) for row in tables.rows("events") if row["event"] in ("rescinded", "vetoed")}
    for row in tables.rows(name):
        if row["status"] == "repealed" and (name, row["id"]) not in ends and not row.get("ended"):
            yield Problem(
                row["_row"], "status", "it is repealed, and no event says when", "add an event 'rescinded', or correct the status"
            )


@rule("coverage-agrees", scope="package", tables=("coverage",))
def coverage_agrees(name: str, tables: RuleContext) -> Iterator[Problem]:
    """If coverage says that a strategy was found, there is one; if it says that none was found, no adopted strategy exists."""
    if "strategies" not in tables.frames:
        return
    adopted = {row["jurisdiction"] for row in tables.rows("strategies") if row["status"] in ("adopted", "superseded", "repealed")}
    present = {row["jurisdiction"] for row in tables.rows("strategies")}
    for row in tables.rows(name):
        if row["topic"] != "national-ai-strategy":
            continue
        if row["finding"] == "found" and row["actor"] not in present:
            yield Problem(
                row["_row"],
                "finding",
                f"coverage says that {row['actor']} has a strategy, and strategies has none",
                "add the strategy, or correct the finding",
            )
        if row["finding"] == "none_found" and row["actor"] in adopted:
            yield Problem(
                row["_row"],
                "finding",
                f"coverage says that none was found for {row['actor']}, and strategies has an adopted one",
                "correct the finding",
            )


@rule("budget-with-currency", scope="row", tables=("strategies",))
def budget_with_currency(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A budget has a currency, and a currency has a budget."""
    for row in tables.rows(name):
        if (row["budget"] is None) != (row["budget_currency"] is None):
            yield Problem(
                row["_row"],
                "budget_currency" if row["budget"] is not None else "budget",
                "budget and currency go together, and one of them is blank",
                "fill in the other",
            )
