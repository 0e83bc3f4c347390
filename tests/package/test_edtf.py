"""Dates at the precision that their source gives: which texts are dates, and from which day to which they reach."""

from __future__ import annotations

import calendar
import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aistatecraft.package.edtf import bounds, check, first_and_last

day = dt.date

GOOD = {
    "2024": (day(2024, 1, 1), day(2024, 12, 31)),
    "2024-02": (day(2024, 2, 1), day(2024, 2, 29)),
    "2023-02": (day(2023, 2, 1), day(2023, 2, 28)),
    "1900-02": (day(1900, 2, 1), day(1900, 2, 28)),
    "2024-10-03": (day(2024, 10, 3), day(2024, 10, 3)),
    "2024-02-29": (day(2024, 2, 29), day(2024, 2, 29)),
    "0001": (day(1, 1, 1), day(1, 12, 31)),
    "9999-12-31": (day(9999, 12, 31), day(9999, 12, 31)),
    "2021/2025": (day(2021, 1, 1), day(2025, 12, 31)),
    "2024-05/2024-06": (day(2024, 5, 1), day(2024, 6, 30)),
    "2024-05-10/2024": (day(2024, 5, 10), day(2024, 12, 31)),
    "2024/2024-01-01": (day(2024, 1, 1), day(2024, 1, 1)),
    "2024/2024": (day(2024, 1, 1), day(2024, 12, 31)),
}

BAD = {
    "2024-02-30": "'2024-02-30' names day 30, but 2024-02 has 29 days",
    "2023-02-29": "'2023-02-29' names day 29, but 2023-02 has 28 days",
    "2024-04-31": "'2024-04-31' names day 31, but 2024-04 has 30 days",
    "2024-01-00": "'2024-01-00' names day 0, but 2024-01 has 31 days",
    "2024-13": "'2024-13' names month 13, which does not exist",
    "2024-00": "'2024-00' names month 0, which does not exist",
    "2024-13-01": "'2024-13-01' names month 13, which does not exist",
    "0000": "'0000' names the year 0, which does not exist",
    "0000-01-01": "'0000-01-01' names the year 0, which does not exist",
    "2025/2024": "'2025/2024' ends before it begins",
    "2024-06/2024-05": "'2024-06/2024-05' ends before it begins",
    "2021/2024-13": "'2024-13' names month 13, which does not exist",
}

NO_DATE = [
    "",
    " ",
    "24",
    "202",
    "20244",
    "2024-1",
    "2024-1-1",
    "2024-01-1",
    "2024-010-1",
    "２０２４",  # full-width digits
    "2024-０1",
    "٢٠٢٤",  # Arabic-Indic digits
    " 2024",
    "2024 ",
    "2024\n",
    "2024-01-01T00:00:00",
    "01.02.2024",
    "2024/01/02/03",
    "2024/",
    "/2024",
    "2024/..",
    "2024-01-01/",
    "-2024",
    "+2024",
    "2024~",
    "2024?",
    "202X",
    "2024-10-03-",
    "2024–10",  # an en dash
    "unknown",
]


@pytest.mark.parametrize(("text", "expected"), GOOD.items())
def test_each_date_reaches_from_its_first_day_to_its_last(text: str, expected: tuple[dt.date, dt.date]) -> None:
    assert first_and_last(text) == expected
    assert check(text) is None


@pytest.mark.parametrize(("text", "reason"), BAD.items())
def test_a_date_that_does_not_exist_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert check(text) == reason
    with pytest.raises(ValueError, match=f"^{reason}$"):
        first_and_last(text)


@pytest.mark.parametrize("text", NO_DATE)
def test_what_is_not_written_as_a_date_is_refused(text: str) -> None:
    reason = check(text)
    assert reason is not None
    assert reason.endswith("is not a date written as YYYY, YYYY-MM or YYYY-MM-DD")


@given(st.dates())
def test_a_day_is_itself_its_month_holds_it_and_its_year_holds_its_month(date: dt.date) -> None:
    text = f"{date.year:04d}-{date.month:02d}-{date.day:02d}"
    assert first_and_last(text) == (date, date)
    first, last = first_and_last(text[:7])
    assert first <= date <= last
    assert (first.day, last.day) == (1, calendar.monthrange(date.year, date.month)[1])
    assert first_and_last(text[:4]) == (day(date.year, 1, 1), day(date.year, 12, 31))


@given(st.dates(), st.dates())
def test_an_interval_is_a_date_when_it_does_not_end_before_it_begins(one: dt.date, other: dt.date) -> None:
    reason = check(f"{one.isoformat()}/{other.isoformat()}")
    assert (reason is None) == (one <= other)


@given(st.text(alphabet="0123456789-/ ", max_size=12))
def test_a_text_is_either_a_date_or_has_a_reason(text: str) -> None:
    reason = check(text)
    if reason is None:
        first, last = first_and_last(text)
        assert first <= last
    else:
        assert reason


def test_bounds_of_a_column() -> None:
    dates = pd.Series(["2024-02", None, "2024-10-03", "1066", "2021/2025-06-30", "0001", "9999"], index=list("abcdefg"), dtype="string")
    expected = pd.DataFrame(
        {
            "earliest": pd.Series(
                ["2024-02-01", None, "2024-10-03", "1066-01-01", "2021-01-01", "0001-01-01", "9999-01-01"], dtype="datetime64[s]"
            ),
            "latest": pd.Series(
                ["2024-02-29", None, "2024-10-03", "1066-12-31", "2025-06-30", "0001-12-31", "9999-12-31"], dtype="datetime64[s]"
            ),
            "precision": pd.Categorical(
                ["month", None, "day", "year", "year", "year", "year"],
                categories=pd.Index(["year", "month", "day"], dtype="string"),
                ordered=True,
            ),
        }
    ).set_axis(list("abcdefg"))
    pd.testing.assert_frame_equal(bounds(dates), expected)


def test_a_missing_precision_is_na() -> None:
    assert bounds(["2024", None])["precision"].tolist() == ["year", pd.NA]


def test_bounds_of_a_column_keep_an_index_with_repeated_labels() -> None:
    found = bounds(pd.Series(["2024", "2025"], index=[7, 7], dtype="string"))
    assert found.index.tolist() == [7, 7]
    assert found["earliest"].tolist() == [pd.Timestamp(2024, 1, 1), pd.Timestamp(2025, 1, 1)]


@pytest.mark.parametrize("values", [[], [None, None]])
def test_bounds_of_a_column_without_dates_have_the_same_dtypes(values: list[None]) -> None:
    found = bounds(pd.Series(values, dtype="string"))
    assert found.dtypes.astype(str).to_dict() == {"earliest": "datetime64[s]", "latest": "datetime64[s]", "precision": "category"}
    assert found.shape == (len(values), 3)
    assert found.isna().all(axis=None)


def test_bounds_refuse_what_is_no_date() -> None:
    with pytest.raises(ValueError, match=r"'2024-02-30' names day 30, but 2024-02 has 29 days"):
        bounds(pd.Series(["2024", "2024-02-30"], dtype="string"))


def test_precision_orders_from_coarse_to_fine() -> None:
    precision = bounds(pd.Series(["2024-10-03", "2024", "2024-10"], dtype="string"))["precision"]
    assert precision.sort_values().tolist() == ["year", "month", "day"]
    assert (precision >= "month").tolist() == [True, False, True]
