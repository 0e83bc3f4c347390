"""Text columns in Arrow: read, checked as a whole, and converted back where there is something to report.

For `columnar` alone, which asks for nothing here unless pyarrow is installed. Arrays are made of buffers and read from buffers:
pyarrow imports pandas, which takes longer than all the checks, wherever it is given a value of Python or asked for one of numpy.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate
from threading import Event
from typing import Any

from aistatecraft.package import Dialect
from aistatecraft.package.schema import Field
from aistatecraft.validation.re2 import for_re2

__all__ = [
    "has_blank_row",
    "is_missing",
    "line_breaks",
    "numbers_array",
    "parsed",
    "plain_but_for_widths",
    "rows_of",
    "standing_twice",
    "sure",
    "texts_array",
    "texts_at",
]

_BLOCK = 4 * 1024**2
_LEAST_VERSION = 17
_MOST_LENGTH = 2**31 - 1
"""No cell is longer, as Arrow counts with 32 bits."""


def plain_but_for_widths(raw: bytes, names: Sequence[str], dialect: Dialect) -> bool:
    """Whether a table is in plain shape (see `in_plain_shape`), but for rows with too few or too many cells, which Arrow refuses itself."""
    header = raw[: raw.find(b"\n")].decode("utf-8", "replace")
    plain = dialect.delimiter == "," and dialect.quote == '"' and header == ",".join(names)
    if not plain or len(names) < 2 or raw[-1:] != b"\n" or b"\r" in raw or b"\0" in raw:
        return False
    pieces = raw.split(b'"')  # by turns outside and inside of quotes; a doubled quote has an empty piece between
    outside = pieces[::2]
    before, after = {piece[-1:] for piece in outside[:-1]}, {piece[:1] for piece in outside[1:]}
    return len(pieces) % 2 == 1 and (before | after) <= {b",", b"\n", b""}


def parsed(raw: bytes, names: Sequence[str], begun: Event) -> Any:
    """The table as Arrow columns of texts; None where Arrow refuses it or is not usable. `begun` is set where Arrow is about to read."""
    try:
        import pyarrow as pa
        from pyarrow import csv

        if int(pa.__version__.partition(".")[0]) < _LEAST_VERSION:
            return None
    except Exception:  # an installation that is broken in whatever way, and not needed
        return None
    finally:
        begun.set()
    try:
        return csv.read_csv(
            pa.BufferReader(raw),
            read_options=csv.ReadOptions(block_size=_BLOCK),
            parse_options=csv.ParseOptions(newlines_in_values=b'"' in raw, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowException:
        return None


def texts_array(texts: Collection[str]) -> Any:
    """Texts as an Arrow array."""
    import pyarrow as pa

    encoded = [text.encode("utf-8") for text in texts]
    offsets = array("i", accumulate(map(len, encoded), initial=0))
    return pa.Array.from_buffers(pa.string(), len(encoded), [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(encoded))])


def numbers_array(numbers: Iterable[float], kind: str = "int64") -> Any:
    """Numbers as an Arrow array of the type `kind`: int32, int64 or float64."""
    values = array({"int32": "i", "int64": "q", "float64": "d"}[kind], numbers)
    return _from_bytes(values.tobytes(), len(values), kind)


def _from_bytes(values: bytes, count: int, kind: str) -> Any:
    import pyarrow as pa

    return pa.Array.from_buffers(getattr(pa, kind)(), count, [None, pa.py_buffer(values)])


def _as_numpy(numbers: Any) -> Any:
    """An Arrow column of int32 without nulls as one numpy array of int64."""
    import numpy as np

    parts = [np.frombuffer(part.buffers()[1], np.int32, len(part), part.offset * 4) for part in numbers.chunks if len(part)]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)


def has_blank_row(table: Any) -> bool:
    """Whether a row has nothing but blank cells: it may have been a blank line, which Arrow takes for a row."""
    import pyarrow.compute as pc

    blank = None
    for cells in table.columns:
        empty = _blank(cells)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return False
    return True


def _blank(cells: Any) -> Any:
    import pyarrow.compute as pc

    return pc.equal(pc.binary_length(cells), numbers_array([0], "int32")[0])


def is_missing(column: Field, cells: Any) -> Any:
    """For each cell whether its text is one of those that stand for no value."""
    import pyarrow.compute as pc

    return _blank(cells) if column.missing == {""} else pc.is_in(cells, value_set=texts_array(column.missing))


def sure(column: Field, cells: Any) -> Any:
    """For each cell whether it is surely fine; None where Arrow cannot tell for this column."""
    import pyarrow as pa

    try:
        return _sure(column, cells)
    except pa.ArrowException:
        return None


def _sure(column: Field, cells: Any) -> Any:
    import pyarrow.compute as pc

    def fits(pattern: str) -> Any:
        return pc.match_substring_regex(cells, pattern=pattern)

    compare = {"minimum": pc.greater_equal, "maximum": pc.less_equal, "exclusiveMinimum": pc.greater, "exclusiveMaximum": pc.less}
    rules = [constraint.rule for constraint in column.constraints]
    if column.kind.takes_any_text or column.kind.quick_text:
        verdict = fits(rf"\A(?:{column.kind.quick_text})\z") if column.kind.quick_text else None
        for rule in rules:
            limit: Any = column.limits.get(rule)
            if rule == "pattern" and (pattern := for_re2(limit)) is not None:
                holds = fits(pattern)
            elif rule == "maxLength":  # there are at least as many bytes as characters
                holds = pc.less_equal(pc.binary_length(cells), numbers_array([min(limit, _MOST_LENGTH)], "int32")[0])
            elif rule == "minLength":
                holds = pc.greater_equal(pc.utf8_length(cells), numbers_array([min(limit, _MOST_LENGTH)], "int32")[0])
            else:
                return None
            verdict = holds if verdict is None else pc.and_(verdict, holds)
        return verdict
    if column.kind.numeric and column.kind.standard and set(rules) <= compare.keys():
        verdict = fits(rf"\A(?:{column.kind.quick})\z")
        if rules:
            kind = column.kind.arrow
            values = pc.cast(pc.utf8_ltrim(pc.if_else(verdict, cells, texts_array(["0"])[0]), characters="+"), kind)
            for rule in rules:
                bound = numbers_array([column.kind.literal(column.limits[rule])], kind)[0]
                verdict = pc.and_(verdict, compare[rule](values, bound))
        return verdict
    return None


def rows_of(cells: Any, texts: Collection[str]) -> list[int]:
    """Numbers of the rows whose cell is one of `texts`, in order."""
    import pyarrow.compute as pc

    return list(pc.indices_nonzero(pc.is_in(cells, value_set=texts_array(texts))).to_pylist()) if texts else []


def texts_at(cells: Any, rows: Sequence[int]) -> list[str]:
    """The texts of some rows, which are in order. Chunk by chunk: Arrow would join all chunks to take from them."""
    import numpy as np

    index = np.array(rows, dtype=np.int64)
    ends = np.searchsorted(index, np.cumsum([len(chunk) for chunk in cells.chunks])).tolist()
    found: list[str] = []
    first = begin = 0
    for chunk, end in zip(cells.chunks, ends, strict=True):
        if end > begin:
            found += chunk.take(_from_bytes((index[begin:end] - first).tobytes(), end - begin, "int64")).to_pylist()
        first, begin = first + len(chunk), end
    return found


def standing_twice(cells: Any) -> list[str]:
    """The texts that appear in more than one row.

    Most tables are sorted by their key: where each cell is greater than the one before it, all are different. Where a few rows
    stand elsewhere and the rest is in order, only the texts of these few can stand twice.
    """
    import pyarrow.compute as pc

    falls = pc.indices_nonzero(pc.less_equal(cells[1:], cells[:-1])).to_pylist() if len(cells) > 1 else []
    if not falls:
        return []
    if len(falls) < len(cells) // 4:
        beside = sorted({*falls, *(row + 1 for row in falls)})
        ordered = cells.filter(_all_but(beside, len(cells)))
        if not pc.any(pc.less_equal(ordered[1:], ordered[:-1])).as_py():
            cells = cells.filter(pc.is_in(cells, value_set=texts_array(set(texts_at(cells, beside)))))
    counts = pc.value_counts(cells)
    several = pc.greater(counts.field("counts"), numbers_array([1])[0])
    return list(counts.field("values").filter(several).to_pylist())


def _all_but(rows: Sequence[int], count: int) -> Any:
    """A mask of `count` rows: true but for `rows`."""
    import numpy as np
    import pyarrow as pa

    mask = np.ones(count, dtype=bool)
    mask[rows] = False
    return pa.Array.from_buffers(pa.bool_(), count, [None, pa.py_buffer(np.packbits(mask, bitorder="little").tobytes())])


def line_breaks(columns: Sequence[Any]) -> dict[int, Any]:
    """For each column in which a cell has a line break: how many each cell has."""
    import pyarrow.compute as pc

    def has_one(chunk: Any) -> bool:
        data = chunk.buffers()[2]
        return data is not None and b"\n" in data.to_pybytes()

    return {
        at: _as_numpy(pc.count_substring(cells, "\n")) for at, cells in enumerate(columns) if any(has_one(chunk) for chunk in cells.chunks)
    }
