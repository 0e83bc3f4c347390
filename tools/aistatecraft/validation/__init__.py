"""Validation: text first, then keys, then types and rules; each finding at its place, with its mend."""

from aistatecraft.validation.finding import Finding, Report
from aistatecraft.validation.run import validate, validate_package

__all__ = ["Finding", "Report", "validate", "validate_package"]
