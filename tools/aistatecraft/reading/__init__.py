"""Reading a data package: where it lies, what it describes, what stands in its tables. It judges text, not meaning."""

from aistatecraft.reading.descriptor import Dialect, Package, Resource, open_package
from aistatecraft.reading.plan import FieldPlan, ForeignKey, TablePlan, compile_schema
from aistatecraft.reading.records import Fault, Record, Table, clean_records, read_table

__all__ = [
    "Dialect",
    "Fault",
    "FieldPlan",
    "ForeignKey",
    "Package",
    "Record",
    "Resource",
    "Table",
    "TablePlan",
    "clean_records",
    "compile_schema",
    "open_package",
    "read_table",
]
