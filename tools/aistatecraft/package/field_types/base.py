"""What every field type says of itself. One class a type; what a program decides by type it asks of the class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

__all__ = ["FieldType"]


class FieldType(ABC):
    """The type of one field: its format and the properties that its type reads.

    An instance reads texts of cells that are not missing. Strictness is that of the whole package: only ASCII digits, no blanks
    around, so that no two programs read a cell differently.

    Parameters
    ----------
    format : str
        The format of the field.
    properties : mapping
        The field as its schema has it; each type reads those that it knows.

    Raises
    ------
    ValueError
        Where there is no such format, or a property has no such value; the message is a clause that stands after the field.
    """

    name: ClassVar[str]
    formats: ClassVar[tuple[str, ...]] = ("default",)
    """Names of formats; types of days and times take patterns such as ``%d/%m/%Y`` as well."""
    properties: ClassVar[tuple[str, ...]] = ()
    """Properties of a field that change how its cells are read."""

    dtype: ClassVar[str] = "string"
    """pandas dtype of the column that `load` gives."""
    textual: ClassVar[bool] = False
    """Whether values are texts, compared letter by letter; what a pattern may be asked of."""
    numeric: ClassVar[bool] = False
    decimals: ClassVar[bool] = False
    """Whether a number may have decimals."""
    calendar: ClassVar[bool] = False
    """Whether a value is a day or a longer or shorter part of the calendar."""
    ordered: ClassVar[bool] = False
    """Whether values have an order: bounds, ``--where FIELD<VALUE`` and sorting by value."""
    sized: ClassVar[str] = ""
    """What minLength and maxLength count; empty where they say nothing of the type."""
    structured: ClassVar[bool] = False
    """Whether a value has parts; such values are no items of lists."""
    json_schema: ClassVar[bool] = False
    """Whether the constraint jsonSchema applies."""
    categorical: ClassVar[bool] = False
    """Whether a field may have categories."""

    quick: ClassVar[str] = ""
    """Pattern of texts that are surely of the type, narrower than the type itself, for the default format; for many texts at once."""
    quick_value: ClassVar[Any] = str
    """Function that gives the value of a text of the form `quick`; `ValueError` where it has none."""
    own_texts: ClassVar[frozenset[str]] = frozenset()
    """The only texts with which this dataset writes the values; empty where there is no such list."""

    arrow: ClassVar[str] = "string"
    """Arrow type, as its function in pyarrow is called."""
    sqlite: ClassVar[str] = "TEXT"
    sql_ordered: ClassVar[bool] = False
    """Whether SQL puts stored values into the order of the type."""
    sql_size: ClassVar[str] = ""
    """SQL function for what minLength and maxLength count."""
    croissant: ClassVar[str] = "sc:Text"
    """Type of the data in Croissant and schema.org."""
    array_shape: ClassVar[str] = ""
    """Shape of a value in Croissant where it is an array."""
    spreadsheet: ClassVar[str] = "text"
    """Kind of a cell of a workbook: text, number, boolean or date."""

    def __init__(self, format: str = "default", properties: Mapping[str, Any] | None = None) -> None:
        if not self.knows(format):
            raise ValueError(f"the format {format!r} of the type {self.name} is not supported; supported are {self.known_formats()}")
        self.format = format
        self.read_properties(properties or {})

    @classmethod
    def knows(cls, format: str) -> bool:
        """Whether the type has a format."""
        return format in cls.formats

    @classmethod
    def known_formats(cls) -> str:
        """The formats, for messages and documentation."""
        return ", ".join(cls.formats)

    def read_properties(self, properties: Mapping[str, Any]) -> None:  # noqa: B027  most types have no properties to read
        """Take what the type needs from the field; `ValueError` where a property is wrong."""

    @property
    def standard(self) -> bool:
        """Whether texts have the default form, which `quick`, other programs and hints about spreadsheets know."""
        return self.format == "default"

    @property
    def quick_text(self) -> str:
        """A regular expression that only texts of this type fit, and most of them do; empty where there is none. It has no groups and needs no `|`."""
        return ""

    @property
    def takes_any_text(self) -> bool:
        """Whether every text is a value."""
        return False

    @abstractmethod
    def parse(self, text: str) -> Any:
        """The value of a text; `ValueError` whose message completes the sentence "<value> ..."."""

    def write(self, value: Any) -> str:
        """A text of the field's format that is read as `value`."""
        return self.text(value)

    def text(self, value: Any) -> str:
        """A value as text in the default format, whatever that of the field is."""
        return str(value)

    def literal(self, value: Any) -> Any:
        """The value that a schema means by JSON, such as a bound or an entry of an enumeration.

        `TypeError` where JSON of this sort is never of the type, `ValueError` where the text is not.
        """
        if not isinstance(value, (str, int, float)):
            raise TypeError
        return self.parse(value if isinstance(value, str) else "true" if value is True else "false" if value is False else str(value))

    def identity(self, value: Any) -> Any:
        """What is equal, and has the same hash, for texts that mean the same value."""
        return value

    def rank(self, value: Any) -> Any:
        """Where a value stands among others of the type: a total order, also where the values themselves have none."""
        return value

    def stepped(self, value: Any, step: int) -> tuple[Any, int]:
        """A bound and whether it is exclusive (1 or -1, else 0): the bound itself is moved where values have a next one."""
        return value, step

    def column(self, values: Sequence[Any]) -> Any:
        """A pandas array of the type's dtype from values, None where missing."""
        import pandas as pd

        if self.dtype == "string":
            return pd.array([None if value is None else self.text(value) for value in values], dtype="string")
        dtype: Any = self.dtype
        return pd.Series(list(values), dtype=dtype).array

    def of_frame(self, value: Any) -> Any:
        """The value that a cell of a data frame made by `column` stands for; `ValueError` where it stands for none.

        Types without a dtype of their own are text there, and so are numbers with categories.
        """
        return self.parse(value) if isinstance(value, str) else value

    def export(self, value: Any) -> Any:
        """A value as formats take it: str, int, float, bool, datetime.date, or a list of such."""
        return self.text(value)

    def json(self, value: Any, text: str) -> Any:
        """A value, written as `text`, as JSON."""
        return text

    def sql_check(self, name: str) -> str:
        """What SQL can ask of the quoted column `name` so that it holds values of the type; empty where that is nothing."""
        return ""

    def arrow_type(self, pa: Any) -> Any:
        """The Arrow type, made by the module pyarrow."""
        return getattr(pa, self.arrow)()
