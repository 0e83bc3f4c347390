"""Whether texts have the form of a pattern, in bounded time.

The patterns of a package are regular expressions of Python, written by anybody. Most cost little on any text, which is proven by
their structure; these are matched at once. On the others a text can run for ever, and Python's matcher lets no other thread run
and cannot be stopped from within: they are matched by a second interpreter (see `matching_child`), which ends itself when it
makes no progress. That works the same in any thread, in notebooks, beside signal handlers and on every system.
"""

from __future__ import annotations

import atexit
import math
import os
import re
import struct
import subprocess
import sys
import threading
import warnings
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from aistatecraft.errors import ReadError

__all__ = ["MAX_PATTERN", "Form", "form_of", "longest_at_once", "parse_pattern"]

SECONDS = 2.0
"""How long a pattern may take without progress."""
MAX_PATTERN = 20_000
"""Characters of a pattern: a longer one takes long to compile."""
STEPS = 1_000_000.0
"""Steps of the matcher that a text may cost at worst where it is matched at once: about ten milliseconds."""
_LENGTHS = (0, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144)
_SHORT, _SHORT_SLOW = 1_000, 100
"""Characters of a pattern below which it is compiled within a second, whatever it is; the second where it may ignore case."""
_MAY_IGNORE_CASE = re.compile(r"\(\?[a-zA-Z]*i")
_MANY = 1e12
_ONE = (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY)
_EVERY = (1 << 129) - 1
"""A set of characters as bits: one for each of ASCII, and the last for all others together."""
_OTHERS = 1 << 128


def _bits(name: str) -> int:
    return sum(1 << code for code in range(128) if re.match(name, chr(code))) | _OTHERS


_CLASSES = {
    codes.CATEGORY_DIGIT: _bits(r"\d"), codes.CATEGORY_NOT_DIGIT: _bits(r"\D"), codes.CATEGORY_SPACE: _bits(r"\s"),
    codes.CATEGORY_NOT_SPACE: _bits(r"\S"), codes.CATEGORY_WORD: _bits(r"\w"), codes.CATEGORY_NOT_WORD: _bits(r"\W"),
}  # fmt: skip


def parse_pattern(pattern: str) -> Any:
    """The pattern as Python's own parser reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of syntax that may change its meaning some day
        return parser.parse(pattern)


class _Unknown(Exception):
    """The pattern has something of which the cost is not known: a look-around, a reference, an atomic group."""


class _Shape(NamedTuple):
    """A part of a pattern, for a text of some length."""

    ways: float
    """In how many ways it can match from one place on, at most."""
    steps: float
    """How many steps it takes to try them all."""
    size: int
    """How many nodes it has."""
    nullable: bool
    first: int
    """Characters with which it can begin."""
    after: int
    """Characters with which a text that it matches can go on within it, but for the empty text."""
    certain: bool
    """Whether the next character always says how to go on: then each place is tried at most once for each node."""

    @property
    def more(self) -> int:
        return self.after | (self.first if self.nullable else 0)

    def bounded(self, length: int) -> _Shape:
        if not self.certain:
            return self
        return self._replace(ways=min(self.ways, length + 1.0), steps=min(self.steps, 2.0 * (length + 1) * (self.size + 1)))


_EMPTY = _Shape(1.0, 1.0, 1, True, 0, 0, True)


def _set(code: Any, argument: Any) -> int:
    """At least the characters of a set. Of those that are not ASCII nothing is told."""
    if code is codes.ANY:
        return _EVERY
    if code in (codes.LITERAL, codes.NOT_LITERAL):
        one = 1 << argument if argument < 128 else _OTHERS
        return one if code is codes.LITERAL else (_EVERY & ~one) | _OTHERS
    found, negated = 0, False
    for kind, value in argument:
        if kind is codes.NEGATE:
            negated = True
        elif kind is codes.LITERAL:
            found |= 1 << value if value < 128 else _OTHERS
        elif kind is codes.RANGE:
            low, high = value
            found |= ((1 << min(high, 127) + 1) - 1) & ~((1 << min(low, 128)) - 1) | (_OTHERS if high > 127 else 0)
        else:
            found |= _CLASSES[value]
    return (_EVERY & ~found) | _OTHERS if negated else found


def _sequence(parsed: Any, length: int) -> _Shape:
    whole = _EMPTY
    for code, argument in parsed:
        part = _shape(code, argument, length)
        both = whole.nullable and part.nullable
        whole = _Shape(
            whole.ways * part.ways, whole.steps + whole.ways * part.steps, whole.size + part.size, both,
            whole.first | (part.first if whole.nullable else 0),
            part.after | ((part.first | whole.after) if part.nullable else 0),
            whole.certain and part.certain and not whole.more & part.first,
        ).bounded(length)  # fmt: skip
    return whole


def _shape(code: Any, argument: Any, length: int) -> _Shape:
    if code in _ONE:
        return _Shape(1.0, 1.0, 1, False, _set(code, argument), 0, True)
    if code is codes.AT:
        return _EMPTY
    if code is codes.SUBPATTERN:
        _, added, _, inner = argument
        if added & re.IGNORECASE:
            raise _Unknown
        return _sequence(inner, length)
    if code is codes.BRANCH:
        parts = [_sequence(branch, length) for branch in argument[1]]
        first, certain = 0, sum(part.nullable for part in parts) < 2
        for part in parts:
            certain = certain and part.certain and not first & part.first
            first |= part.first
        after = 0
        for part in parts:
            after |= part.after
        return _Shape(
            sum(part.ways for part in parts), 1.0 + sum(part.steps for part in parts), 1 + sum(part.size for part in parts),
            any(part.nullable for part in parts), first, after, certain,
        ).bounded(length)  # fmt: skip
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, inner = argument
        return _repeated(least, most, inner, length)
    raise _Unknown


def _repeated(least: Any, most: Any, inner: Any, length: int) -> _Shape:
    part = _sequence(inner, length)
    least, most = int(least), int(most)
    times = min(most, max(length + 1, least) if part.nullable else length + 1)  # how often at most, in a text of this length
    if part.ways == 1.0:
        ways, steps = float(max(times - least + 1, 1)), times * part.steps + times + 1.0
    else:
        total = 1.0  # 1 + ways + ways² …
        for _ in range(times):
            total = total * part.ways + 1
            if total > _MANY:
                total = math.inf
                break
        ways, steps = total, total * part.steps + total
    return _Shape(
        ways, steps, part.size + 1, part.nullable or least == 0, part.first,
        part.after | (part.first if most != least else 0),
        part.certain and not part.nullable and not part.more & part.first,
    ).bounded(length)  # fmt: skip


def longest_at_once(pattern: str) -> int:
    """Up to which length every text costs at most `STEPS` steps; -1 where that is not known."""
    parsed = parse_pattern(pattern)
    if parsed.state.flags & re.IGNORECASE:
        return -1
    try:
        # What a text costs grows with its length.
        cheap = bisect_right(_LENGTHS, STEPS, key=lambda length: _cost(_sequence(parsed, length)))
        return _LENGTHS[cheap - 1] if cheap else -1
    except (_Unknown, RecursionError):
        return -1


def _cost(shape: _Shape) -> float:
    return shape.steps * (1 + shape.size / 64)


class Form:
    """A pattern that is matched against whole texts.

    Parameters
    ----------
    pattern : a regular expression of Python

    Raises
    ------
    re.error, OverflowError, RecursionError, TypeError
        Where it is none.
    """

    def __init__(self, pattern: str) -> None:
        if len(pattern) > MAX_PATTERN:
            raise re.error(f"it has {len(pattern):,} characters, more than the limit of {MAX_PATTERN:,}")
        self.pattern = pattern
        self._match: Callable[[str], object] | None = None
        slow = _MAY_IGNORE_CASE.search(pattern) is not None  # each set is compiled character by character
        if len(pattern) >= (_SHORT_SLOW if slow else _SHORT):
            _CHILD.compile(pattern)
        if not slow or len(pattern) < _SHORT_SLOW:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._match = re.compile(pattern).fullmatch

    @cached_property
    def longest(self) -> int:
        """Up to which length texts are matched at once."""
        return longest_at_once(self.pattern) if self._match is not None else -1

    def all(self, texts: Sequence[str], what: str) -> bool:
        """Whether all of the texts have the form. `what` names the pattern in messages; `ReadError` where it takes too long."""
        if self._match is not None and max(map(len, texts), default=0) <= self.longest:
            return all(map(self._match, texts))
        return _CHILD.match(self.pattern, texts, what)

    def fits(self, text: str, what: str) -> bool:
        """Whether one text has the form; as `all`."""
        if self._match is not None and len(text) <= self.longest:
            return self._match(text) is not None
        return _CHILD.match(self.pattern, [text], what)


@lru_cache(maxsize=1_024)
def form_of(pattern: str) -> Form:
    """The `Form` of a pattern; see there for the errors."""
    return Form(pattern)


class _Child:
    """The second interpreter: begun when it is needed, ended with this one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def match(self, pattern: str, texts: Sequence[str], what: str) -> bool:
        """Whether all texts match; `ReadError` where that takes too long."""
        answer = self._answer(pattern, texts)
        if answer not in (b"y", b"n"):
            raise ReadError(
                f"{what}: the pattern {_shown(pattern)} was stopped on a text for which it needs more than {SECONDS:.3g} seconds (or 1 GiB of memory); write it without nested repetitions and without adjacent parts that match the same characters."
            )
        return answer == b"y"

    def compile(self, pattern: str) -> None:
        """`re.error` where the pattern cannot be compiled, or not in time."""
        answer = self._answer(pattern, [])
        if answer == b"e":
            raise re.error("it is nested too deeply, or its parts do not match")
        if answer != b"y":
            raise re.error(f"it takes more than {SECONDS:.3g} seconds to read it; write shorter ranges")

    def _answer(self, pattern: str, texts: Sequence[str]) -> bytes:
        with self.lock:
            waiting = self.process is not None
            answer = self._asked(pattern, texts)
            if not answer and waiting:  # it may have ended while it waited, which is no fault of the pattern
                answer = self._asked(pattern, texts)
        return answer

    def _asked(self, pattern: str, texts: Sequence[str]) -> bytes:
        import marshal

        answer = b""
        try:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None
            question = marshal.dumps((pattern, list(texts), SECONDS))
            process.stdin.write(struct.pack("<Q", len(question)) + question)
            process.stdin.flush()
            answer = process.stdout.read(1)
        except OSError:
            answer = b""
        finally:
            if not answer:  # given up, or stopped by the user: an answer still to come would belong to no question
                self.end()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.end()
            program = Path(__file__).with_name("matching_child.py")
            try:
                self.process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )  # fmt: skip
            except (OSError, TypeError, ValueError) as error:  # TypeError: Python inside of another program may not know where it lies
                raise ReadError(
                    f"a pattern that may run forever is matched in a second Python process, which cannot be started ({error}); write the patterns without nested repetitions."
                ) from None
        return self.process

    def end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


def _shown(pattern: str) -> str:
    return repr(pattern) if len(pattern) <= 200 else repr(pattern[:200]) + "…"


_CHILD = _Child()
atexit.register(lambda: _CHILD.end())


def _after_fork() -> None:
    """A forked process must not share the pipes."""
    global _CHILD
    _CHILD = _Child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
