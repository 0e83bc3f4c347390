"""The whole damage corpus: ``python -m tests.damage.run --mutants 5000``. Ends with 1 where a mutant is missed or misplaced."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.damage.corpus import KINDS, Case, Outcome, mutants, outcome
from tests.damage.world import World

_WORLD: list[World] = []


def _world() -> World:
    if not _WORLD:
        _WORLD.append(World())
    return _WORLD[0]


def judged(task: tuple[int, int, int, int, str]) -> list[Outcome]:
    """Judge the share of one worker."""
    count, seed, share, workers, only = task
    cases: list[Case] = [case for case in mutants(count, seed, _world(), only) if case.number % workers == share]
    return [outcome(case, _world()) for case in cases]


def main() -> int:
    """Run, print a table per kind, and say which mutants were not found as they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="kinds whose name holds this text")
    parser.add_argument("--show", type=int, default=3, help="how many failures of a kind to show")
    options = parser.parse_args()
    begun = time.perf_counter()
    alarms = _world().judge({}, fast=False)
    # A prime number of shares mixes the kinds, so that all workers have as much to do.
    shares = 1 if options.workers == 1 else 13
    tasks = [(options.mutants, options.seed, share, shares, options.only) for share in range(shares)]
    outcomes: list[Outcome] = []
    if shares == 1:
        outcomes = judged(tasks[0])
    else:
        with ProcessPoolExecutor(options.workers) as pool:
            for found in pool.map(judged, tasks):
                outcomes += found
    counts = {name: Counter(found.verdict for found in outcomes if found.kind == name) for name in KINDS}
    print(f"{'kind':<34}{'scope':<8}{'found':>7}{'elsewhere':>11}{'missed':>8}")
    for name, count in counts.items():
        if sum(count.values()):
            print(f"{name:<34}{KINDS[name].scope:<8}{count['found']:>7}{count['elsewhere']:>11}{count['missed']:>8}")
    total = Counter(found.verdict for found in outcomes)
    print(
        f"{len(outcomes):,} mutants of {sum(bool(count) for count in counts.values())} kinds in {time.perf_counter() - begun:.0f} s: "
        f"{total['found']:,} found at the right place by the right rule, {total['elsewhere']:,} elsewhere, {total['missed']:,} missed; "
        f"{len(alarms)} findings in the undamaged tables"
    )
    shown: Counter[str] = Counter()
    for result in outcomes:
        if result.verdict != "found":
            shown[result.kind] += 1
            if shown[result.kind] <= options.show:
                print(f"\n{result.kind}: {result.verdict}: {result.what} at {result.places}")
                for finding in result.findings:
                    print("   ", finding.sentence[:240])
    for finding in alarms:
        print("undamaged:", finding.sentence)
    return 1 if alarms or total["missed"] or total["elsewhere"] else 0


if __name__ == "__main__":
    sys.exit(main())
