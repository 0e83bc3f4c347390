"""Reading a data package: its location, its descriptor and the text of its tables. Rules about meaning are elsewhere."""

from aistatecraft.package.csv_reader import Fault, Record, Table, clean_records, read_table
from aistatecraft.package.descriptor import Dialect, Package, Resource, open_package
from aistatecraft.package.schema import Field, ForeignKey, TableSchema, compile_schema

__all__ = [
    "Dialect",
    "Fault",
    "Field",
    "ForeignKey",
    "Package",
    "Record",
    "Resource",
    "Table",
    "TableSchema",
    "clean_records",
    "compile_schema",
    "open_package",
    "read_table",
]
