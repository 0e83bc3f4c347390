"""From the text of a cell to its value: for each type what is taken and what is refused, and that nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.package.field_types import FIELD_TYPES, Duration, FieldType, StringType
from aistatecraft.package.field_types.texts import AnyType


def made(kind: str, form: str = "default", **properties: Any) -> FieldType:
    return FIELD_TYPES[kind](form, properties)


def parse(kind: str, form: str = "default", **properties: Any) -> Callable[[str], Any]:
    return made(kind, form, **properties).parse


# What no type but text takes: blanks around, digits of other scripts, separators of digits, a line break at the end.
NEVER = ["", " ", "x", "1_000", "1 000", "1,000", "１２", "٣", " 1", "1 ", "\t1", "1\n", "1\u00a0", "0x1F", "1'000", "½", "²"]

ACCEPTED: dict[str, dict[str, Any]] = {
    "integer": {
        "0": 0,
        "7": 7,
        "-7": -7,
        "+7": 7,
        "007": 7,
        "-0": 0,
        "9223372036854775807": 2**63 - 1,
        "-9223372036854775808": -(2**63),
        "0" * 30 + "5": 5,
    },
    "number": {
        "0": 0.0,
        "1.5": 1.5,
        "-1.5": -1.5,
        "+1.5": 1.5,
        "1.": 1.0,
        ".5": 0.5,
        "1e3": 1000.0,
        "1E-3": 0.001,
        "1.50": 1.5,
        "INF": math.inf,
        "-INF": -math.inf,
    },
    "boolean": {"true": True, "True": True, "TRUE": True, "1": True, "false": False, "False": False, "FALSE": False, "0": False},
    "date": {"2024-02-29": dt.date(2024, 2, 29), "0001-01-01": dt.date(1, 1, 1), "9999-12-31": dt.date(9999, 12, 31)},
    "datetime": {
        "2024-02-29T23:59:59": dt.datetime(2024, 2, 29, 23, 59, 59),
        "2024-02-29T00:00:00Z": dt.datetime(2024, 2, 29, tzinfo=dt.UTC),
        "2024-02-29T00:00:00.5-03:00": dt.datetime(2024, 2, 29, 0, 0, 0, 500_000, tzinfo=dt.timezone(dt.timedelta(hours=-3))),
    },
    "year": {"2024": 2024, "0476": 476, "-0044": -44, "12024": 12024, "0000": 0},
    "yearmonth": {"2024-02": (2024, 2), "2024-12": (2024, 12)},
    "time": {
        "00:00:00": dt.time(0, 0),
        "23:59:59.25": dt.time(23, 59, 59, 250_000),
        "09:15:00Z": dt.time(9, 15, tzinfo=dt.UTC),
        "09:15:00+01:30": dt.time(9, 15, tzinfo=dt.timezone(dt.timedelta(minutes=90))),
    },
    "duration": {
        "P1Y2M": Duration(14, 0),
        "P1D": Duration(0, 86_400_000_000),
        "PT24H": Duration(0, 86_400_000_000),
        "P2W": Duration(0, 14 * 86_400_000_000),
        "P1Y2M3DT4H5M6.5S": Duration(14, ((3 * 24 + 4) * 60 + 5) * 60_000_000 + 6_500_000),
        "-P1M": Duration(-1, 0),
        "PT0S": Duration(0, 0),
    },
    "geopoint": {"90.50, 45.50": (90.5, 45.5), "-180,-90": (-180.0, -90.0), "0,0": (0.0, 0.0)},
    "array": {"[]": [], '[1, "a", null]': [1, "a", None]},
    "object": {"{}": {}, '{"a": [1]}': {"a": [1]}},
    "geojson": {'{"type": "Point", "coordinates": [1, 2]}': {"type": "Point", "coordinates": [1, 2]}},
    "string": {"": "", " x ": " x ", "1_000": "1_000", "NA": "NA", "中国": "中国", "a\nb": "a\nb"},
    "any": {"x": "x", "1": "1"},
}

REFUSED: dict[str, list[str]] = {
    "integer": [*NEVER, "1.0", "1.5", "1e3", "--1", "+-1", "-", "+", "NaN", "INF", "true", "9223372036854775808", "-9223372036854775809", "9" * 5_000],
    "number": [*NEVER, "1,5", "1.2.3", ".", "e3", "1e", "1e1.5", "--1", "nan", "NAN", "-NaN", "inf", "+INF", "Infinity", "1%", "€1", "1e400", "-1e400", "9" * 400],
    "boolean": ["", " ", "yes", "no", "t", "f", "tRUE", " true", "true ", "true\n", "2", "-1", "1.0", "１"],
    "date": [*NEVER, "2001-1-1", "2001-01-1", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "0000-01-01", "2024", "2024-01", "20240101", "2024-W01-1",
             "01.02.2024", "01/02/2024", "2024/01/02", "2024-01-01T00:00:00", " 2024-01-01", "2024-01-01 ", "2024-01-01\n", "２０２４-01-01", "12024-01-01", "-2024-01-01"],
    "datetime": [*NEVER, "2024-02-29", "2024-02-29 10:00:00", "2024-02-29T10:00", "2024-02-29T10", "2024-02-30T10:00:00", "2024-02-29T25:00:00", "2024-02-29T10:60:00",
                 "2024-02-29T10:00:60", "2024-02-29T10:00:00z", "2024-02-29T10:00:00+0300", "2024-02-29T10:00:00+99:00", "2024-02-29T10:00:00.", "2024-02-29t10:00:00",
                 "2024-02-29T10:00:00Z\n", "２０２４-02-29T10:00:00"],
    "year": [*NEVER, "24", "202", "02024", "-44", "+2024", "2024.0", "-0000", "２０２４", " 2024", "2024 ", "2024\n", "9" * 20],
    "yearmonth": [*NEVER, "2024", "2024-1", "2024-00", "2024-13", "202402", "2024-02-01", " 2024-02", "2024-02\n", "２０２４-02"],
    "time": [*NEVER, "9:15:00", "09:15", "24:75:00", "24:00:00", "23:60:00", "09:15:00z", "09:15:00 ", "09.15.00", "９:15:00", "2024-01-01T09:15:00"],
    "duration": [*NEVER, "P", "PT", "P1", "1Y", "P1YT", "P-1Y", "P1.5Y", "P0,5D", "P1H", "PT1D", "P1W1D", "p1y", "P1S", "P１Y", "P1Y ", "P" + "9" * 30 + "Y"],
    "geopoint": [*(text for text in NEVER if text != "1,000"), "1", "1,2,3", "181,0", "0,91", "1;2", "１,2", " 1,2", "1,2 ", "[1,2]", "1e1,2", "nan,1"],
    "array": [*NEVER, "{}", "1", "null", "[1", "[NaN]", "[1e999]", "[" * 100_000, '["\\ud800"]', "[1,]", "(1)"],
    "object": [*NEVER, "[]", "null", "{", '{"a": 1, "a": 2}', "{'a': 1}", '{"a": Infinity}'],
    "geojson": [*NEVER, "{}", "[]", '{"type": "Point"}', '{"type": "Dot", "coordinates": [1, 2]}', '{"coordinates": [1, 2]}'],
}  # fmt: skip

FORMATTED: dict[str, tuple[list[str], list[str]]] = {
    "email": (
        ["a@b.org", "first.last+tag@sub.example.org"],
        ["", "a", "a@b", "a@@b.org", "@b.org", "a@b.", "a b@c.org", "a@b.org\n", " a@b.org"],
    ),
    "uri": (
        ["https://example.org", "http://example.org:8080/a?b=c#d", "ftp://host/x", "doi:10.1/x", "urn:isbn:1", "https://例え.jp/路径", "https://[::1]/", "mailto:a@b.org"],
        ["", "x", "example.org", "www.example.org/x", "//example.org", "https://", "https:///path", "http:/one-slash", "https://a b.org", "https://a.org/b c",
         "https://[::1", " https://a.org", "https://a.org\n", "https://a.org/\u00a0", "\x01https://a.org", "https://a.org/\x7f", "1http://a.org", "ｈttps://a.org"],
    ),
    "uuid": (
        ["0c6c8a2e-7a0a-4d6e-9d5f-0123456789ab", "0C6C8A2E-7A0A-4D6E-9D5F-0123456789AB"],
        ["", "x", "0c6c8a2e7a0a4d6e9d5f0123456789ab", "{0c6c8a2e-7a0a-4d6e-9d5f-0123456789ab}", "urn:uuid:0c6c8a2e-7a0a-4d6e-9d5f-0123456789ab",
         "1_6c8a2e-7a0a-4d6e-9d5f-0123456789ab", "１c6c8a2e-7a0a-4d6e-9d5f-0123456789ab", "0c6c8a2e-7a0a-4d6e-9d5f-0123456789ab\n", "0c6c8a2e-7a0a-4d6e-9d5f-0123456789ag"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "value"), [(kind, text, value) for kind, cases in ACCEPTED.items() for text, value in cases.items()]
)
def test_what_a_type_takes(kind: str, text: str, value: Any) -> None:
    found = parse(kind)(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, cases in REFUSED.items() for text in cases])
def test_what_a_type_refuses(kind: str, text: str) -> None:
    # The message completes the sentence "<value> ...".
    with pytest.raises(ValueError, match=r"^(is|names|lies) "):
        parse(kind)(text)


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, (good, _) in FORMATTED.items() for text in good])
def test_what_a_format_takes_it_leaves_as_it_is(form: str, text: str) -> None:
    assert parse("string", form)(text) == text


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, (_, bad) in FORMATTED.items() for text in bad])
def test_what_a_format_refuses(form: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"^is (not )?an? "):
        parse("string", form)(text)


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("integer", "1.5", "is not a whole number"),
        (
            "integer",
            str(2**63),
            r"is outside -9223372036854775808 to 9223372036854775807, the integers that data frames and databases support",
        ),
        ("number", "1,5", "is not a number written with a decimal point"),
        ("number", "1e999", "is larger than the numbers that data frames and databases support"),
        ("date", "2001-1-1", "is not a date written as YYYY-MM-DD"),
        ("date", "2023-02-29", r"is not a day that exists \(.*\)"),
        ("datetime", "2024-01-01", "is not a time written as YYYY-MM-DDThh:mm:ss, with Z or an offset where the zone is known"),
        ("datetime", "2024-01-01T25:00:00", r"is not a time that exists \(.*\)"),
        ("year", "24", "is not a year of four digits"),
        ("yearmonth", "2024", "is not a month written as YYYY-MM"),
        ("yearmonth", "2024-13", "names month 13, which does not exist"),
    ],
)
def test_reasons_complete_the_sentence(kind: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        parse(kind)(text)


def test_nan_is_a_number_and_only_in_this_spelling() -> None:
    assert math.isnan(parse("number")("NaN"))


def test_the_words_for_true_and_false_are_those_of_the_field() -> None:
    yes = parse("boolean", trueValues=["yes"], falseValues=["no"])
    assert [yes("yes"), yes("no")] == [True, False]
    with pytest.raises(ValueError, match=r"^is neither yes nor no$"):
        yes("true")


def test_a_list_has_items_of_one_type() -> None:
    assert parse("list")("a,b,,c") == ["a", "b", "", "c"]
    assert parse("list", delimiter=";", itemType="integer")("1;-2;+3") == [1, -2, 3]
    assert parse("list", delimiter="||", itemType="date")("2024-01-01||2024-02-29") == [dt.date(2024, 1, 1), dt.date(2024, 2, 29)]
    with pytest.raises(ValueError, match="is not a whole number"):
        parse("list", itemType="integer")("1, 2")
    with pytest.raises(ValueError, match="is not a whole number"):
        parse("list", itemType="integer")("1,")


@pytest.mark.parametrize(
    ("kind", "form", "item"),
    [
        ("string", "url", "string"),
        ("date", "DD.MM.YYYY", "string"),
        ("time", "%Q", "string"),
        ("time", "%", "string"),
        ("date", "%%", "string"),
        ("integer", "hex", "string"),
        ("boolean", "yesno", "string"),
        ("list", "json", "string"),
        ("list", "default", "list"),
        ("list", "default", "object"),
        ("list", "default", "text"),
        ("geopoint", "any", "string"),
        ("geojson", "wkt", "string"),
    ],
)
def test_a_format_or_item_type_that_is_not_known_is_refused(kind: str, form: str, item: str) -> None:
    with pytest.raises(ValueError, match=r"^the (format|item type) '.*' (of the type \w+ )?is not supported; supported are "):
        made(kind, form, itemType=item)


@pytest.mark.parametrize(
    ("kind", "properties", "good", "bad"),
    [
        ("number", {"groupChar": ","}, {"12,345.6": 12345.6, "1,234,567": 1234567.0, "12,34,567": 1234567.0, "12345": 12345.0, "NaN": None},
         ["12.345,6", "1,5", "12,3456", ",123", "1,234.567,8", "1,,234", "1,234,", "１,234"]),
        ("number", {"groupChar": ".", "decimalChar": ","}, {"12.345,6": 12345.6, "12.345": 12345.0, "-,5": -0.5, "1,5e3": 1500.0}, ["12,345.6", "1.5", "1,2,3"]),
        ("number", {"groupChar": " ", "decimalChar": ","}, {"12 345,6": 12345.6}, [" 12 345", "12 345 ", "12  345"]),
        ("number", {"bareNumber": False}, {"€ 5.50": 5.5, "95%": 95.0, "-5 kg": -5.0, "$-5": -5.0, "about 1e3 m": 1000.0, ".5m": 0.5}, ["€", "-$5", "−5", "5 to 6", "", "٣"]),
        ("integer", {"groupChar": ","}, {"1,000": 1000, "-12,345": -12345, "7": 7}, ["1,00", "1.0", "1,000.0", "10,0000"]),
        ("integer", {"bareNumber": False}, {"5 %": 5, "USD 7": 7}, ["1.5", "1,000", "--5", "9" * 30 + "kg"]),
    ],
)  # fmt: skip
def test_numbers_as_a_field_says_that_they_are_written(kind: str, properties: dict[str, Any], good: dict[str, Any], bad: list[str]) -> None:
    field = made(kind, **properties)
    assert {text: None if (value := field.parse(text)) != value else value for text in good} == good
    for text in bad:
        with pytest.raises(ValueError, match="^is "):
            field.parse(text)
    for text in good:
        if text != "NaN":
            assert field.parse(field.write(field.parse(text))) == field.parse(text)


@pytest.mark.parametrize(
    ("kind", "form", "good", "bad"),
    [
        ("date", "%d/%m/%Y", {"21/03/2020": dt.date(2020, 3, 21), "1/3/2020": dt.date(2020, 3, 1)}, ["31/04/2020", "2020-03-21", "03/21/2020", " 21/03/2020", "２1/03/2020", ""]),
        ("date", "fmt:%Y%m%d", {"20200321": dt.date(2020, 3, 21)}, ["2020-03-21"]),
        ("date", "any", {"21 March 2020": dt.date(2020, 3, 21), "2020-03-21": dt.date(2020, 3, 21), "Mar 21, 2020": dt.date(2020, 3, 21)},
         ["March 2020", "21", "10:30", "2020", "31 April 2020", "x", "", "２０２０-03-21", "9" * 500]),
        ("datetime", "%d.%m.%Y %H:%M", {"21.03.2020 10:30": dt.datetime(2020, 3, 21, 10, 30)}, ["21.03.2020", "21.03.2020 25:30"]),
        ("datetime", "any", {"21 March 2020 10:30": dt.datetime(2020, 3, 21, 10, 30)}, ["10:30", "March 2020"]),
        ("time", "%H:%M", {"09:15": dt.time(9, 15)}, ["24:15", "09:15:00", "9.15"]),
        ("time", "any", {"9:15 pm": dt.time(21, 15)}, ["x", "21 March 2020", "9:15 XYZT"]),
        ("geopoint", "array", {"[90.5, 45.5]": (90.5, 45.5)}, ["90.5,45.5", "[1]", '["1", "2"]', "[true, 1]", "[200, 1]", '{"lon": 1, "lat": 2}']),
        ("geopoint", "object", {'{"lon": 90.5, "lat": 45.5}': (90.5, 45.5)}, ['{"lon": 1}', '{"lon": 1, "lat": 2, "alt": 3}', "[1, 2]"]),
        ("geojson", "topojson", {'{"type": "Topology", "objects": {}, "arcs": []}': {"type": "Topology", "objects": {}, "arcs": []}}, ['{"type": "Topology"}', '{"type": "Dot"}', "[]"]),
        ("string", "binary", {"YQ==": "YQ==", "": ""}, ["YQ", "Y?==", "YQ==\n", "ＹQ=="]),
    ],
)  # fmt: skip
def test_formats(kind: str, form: str, good: dict[str, Any], bad: list[str]) -> None:
    field = made(kind, form)
    assert {text: field.parse(text) for text in good} == good
    for text in bad:
        with pytest.raises(ValueError, match="^(is|does not|lies) "):
            field.parse(text)
    for value in good.values():
        assert field.parse(field.write(value)) == value


def test_a_bound_may_be_written_in_the_format_of_the_field_or_in_the_default_one() -> None:
    field = made("date", "%d/%m/%Y")
    assert field.literal("21/03/2020") == field.literal("2020-03-21") == dt.date(2020, 3, 21)
    assert made("number", decimalChar=",").literal(1.5) == made("number", decimalChar=",").literal("1,5") == 1.5


def test_durations_have_the_order_of_xml_schema() -> None:
    day, month, year = (parse("duration")(text) for text in ("P1D", "P1M", "P1Y"))
    assert (day < month, month < year, parse("duration")("P12M") == year, parse("duration")("P31D") >= month) == (True, True, True, True)
    with pytest.raises(TypeError, match="neither duration is always longer"):
        assert parse("duration")("P30D") < month


@given(st.builds(Duration, st.integers(0, 20_000), st.integers(0, 10**15)), st.booleans())
def test_durations_come_back(value: Duration, negative: bool) -> None:
    value = Duration(-value.months, -value.microseconds) if negative else value
    field = made("duration")
    assert field.parse(field.write(value)) == value


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_come_back(value: int) -> None:
    assert parse("integer")(str(value)) == value


@given(st.integers())
def test_a_whole_number_is_taken_exactly_where_64_bits_hold_it(value: int) -> None:
    if -(2**63) <= value < 2**63:
        assert parse("integer")(f"{value:+d}") == value
    else:
        with pytest.raises(ValueError, match="is outside"):
            parse("integer")(str(value))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_to_the_last_bit(value: float) -> None:
    assert parse("number")(repr(value)).hex() == value.hex()


@given(st.dates())
def test_dates_come_back(value: dt.date) -> None:
    assert parse("date")(value.isoformat()) == value


@given(
    st.datetimes(timezones=st.none() | st.builds(dt.timezone, st.integers(-1439, 1439).map(lambda minutes: dt.timedelta(minutes=minutes))))
)
def test_times_come_back_with_their_zone(value: dt.datetime) -> None:
    found = parse("datetime")(value.isoformat())
    assert found == value
    assert found.utcoffset() == value.utcoffset()


@given(st.integers(-9999, 99999))
def test_years_come_back(value: int) -> None:
    assert parse("year")(f"-{-value:04d}" if value < 0 else f"{value:04d}") == value


@given(st.integers(0, 9999), st.integers(1, 12))
def test_months_come_back(year: int, month: int) -> None:
    assert parse("yearmonth")(f"{year:04d}-{month:02d}") == (year, month)


def test_a_type_of_texts_with_its_own_parse_is_asked_for_each_text() -> None:
    class Capitals(AnyType):
        name = "capitals"

        def parse(self, text: str) -> str:
            if not text.isupper():
                raise ValueError("is not in capitals")
            return text

    assert [kind.takes_any_text for kind in (AnyType(), StringType(), StringType("uuid"), Capitals())] == [True, True, False, False]


@given(st.uuids())
def test_uuids_come_back(value: uuid.UUID) -> None:
    assert uuid.UUID(parse("string", "uuid")(str(value))) == value


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1), st.sampled_from([",", ";", "|", " / "]))
def test_lists_come_back(value: list[int], delimiter: str) -> None:
    assert parse("list", delimiter=delimiter, itemType="integer")(delimiter.join(map(str, value))) == value


@given(st.text())
def test_texts_are_left_as_they_are(text: str) -> None:
    assert parse("string")(text) == text


@given(
    st.sampled_from(
        [(name, form) for name, kind in FIELD_TYPES.items() for form in kind.formats if name != "list" and not kind(form).takes_any_text]
    ),
    st.text(max_size=20),
)
def test_a_parser_gives_a_value_or_a_reason_and_takes_ascii_digits_only(which: tuple[str, str], text: str) -> None:
    kind, form = which
    reason = value = None
    try:
        value = parse(kind, form)(text)
    except ValueError as error:
        reason = str(error)
    if reason is None:
        assert text == text.strip()
        assert value == text if kind == "string" else text.isascii() or FIELD_TYPES[kind].structured
    else:
        assert reason.startswith(("is ", "names ", "lies ", "does "))


def test_a_long_text_is_judged_as_soon_as_a_short_one() -> None:
    """An expression that tries each dot as the last one takes hours here."""
    with pytest.raises(ValueError, match="is not an e-mail address"):
        parse("string", "email")("x@" + "." * 1_000_000 + " ")


def test_the_documentation_lists_every_type() -> None:
    listed = (Path(__file__).resolve().parents[2] / "docs/limits.md").read_text(encoding="utf-8").splitlines()
    start = listed.index("| type | formats | properties | dtype |") + 2
    assert listed[start : listed.index("", start)] == [
        f"| `{name}` | {kind.known_formats()} | {', '.join(f'`{word}`' for word in kind.properties)} | `{kind.dtype}` |"
        for name, kind in FIELD_TYPES.items()
    ]
