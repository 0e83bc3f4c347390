"""What a renderer may use beside the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aistatecraft.package.storage import is_address

if TYPE_CHECKING:
    from aistatecraft.validation.excerpts import Excerpt
    from aistatecraft.validation.report import Finding

__all__ = ["RenderContext"]


@dataclass(frozen=True)
class RenderContext:
    """The rows around findings, where the package lies, and how wide and colourful the output may be."""

    excerpts: Mapping[Finding, Excerpt] = field(default_factory=dict)
    folder: str = ""
    """Path from the current directory to the package, with forward slashes; empty where they are the same."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path of each table in the package."""
    fixable: Collection[Finding] = ()
    """Findings that the safe repairs take away; see `aistatecraft.fixing.package`."""
    colour: bool = False
    width: int = 120

    def path(self, file: str) -> str:
        """Path of a file of the package from the current directory; an address as it is."""
        return f"{self.folder}/{file}" if self.folder and not is_address(file) else file
