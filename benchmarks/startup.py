"""What a command pays before it does anything: import and help against a bare interpreter. Medians, interleaved."""

from __future__ import annotations

import statistics

from processes import run

RUNS = 15
CASES = {
    "bare interpreter": ["-c", "pass"],
    "import aistatecraft": ["-c", "import aistatecraft"],
    "aistatecraft --help": ["-m", "aistatecraft", "--help"],
}
GOALS = {"import aistatecraft": 30, "aistatecraft --help": 150}


def main() -> None:
    taken: dict[str, list[float]] = {name: [] for name in CASES}
    for arguments in CASES.values():
        run(*arguments)  # fill the caches
    for _ in range(RUNS):
        for name, arguments in CASES.items():
            taken[name].append(run(*arguments).wall * 1000)
    bare = statistics.median(taken["bare interpreter"])
    for name, times in taken.items():
        median = statistics.median(times)
        goal = f", goal {GOALS[name]} ms more" if name in GOALS else ""
        print(f"{name:22} {median:6.0f} ms   {median / bare:4.1f} times a bare interpreter ({median - bare:+.0f} ms{goal})")


if __name__ == "__main__":
    main()
