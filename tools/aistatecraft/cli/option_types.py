"""Words of the command line made values, without the library that typer takes for it.

Typer imports pydantic as soon as one word has to become a text or a path, which takes longer than most commands. Here plain
words are converted in the plain way; whatever is not plain, and every complaint, is still typer's own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup

__all__ = ["Command", "Group"]

_INTEGER = re.compile(r"-?[0-9]{1,18}")


class Command(TyperCommand):
    """A command whose words are converted in the plain way where that will do."""

    def get_params(self, ctx: Any) -> list[Any]:
        """As of typer, help among them."""
        return _convert_plainly(super().get_params(ctx))


class Group(TyperGroup):
    """The same for what stands before the name of a command."""

    def get_params(self, ctx: Any) -> list[Any]:
        """As of typer, help among them."""
        return _convert_plainly(super().get_params(ctx))


def _convert_plainly(params: list[Any]) -> list[Any]:
    for param in params:
        # Where typer has no such attribute, it has another way, which is left to it.
        if getattr(param, "_runtime_param", params) is None:
            param._runtime_param = _Conversion(param)
    return params


class _Plain(Exception):
    """The word is not plain."""


class _Conversion:
    """What typer asks to convert the words of one option or argument."""

    def __init__(self, param: Any) -> None:
        descriptor = param.type_descriptor
        self.info, self.default = descriptor.parameter_info, param.default
        kind = descriptor.annotation
        self.listed = getattr(kind, "__origin__", None) is list
        self.kind = kind.__args__[0] if self.listed else kind

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of what was given."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        try:
            return [self._one(word) for word in value] if self.listed and not isinstance(value, str) else self._one(value)
        except _Plain:
            param._runtime_param = None
            return param.get_runtime_param().coerce(value, param=param, ctx=ctx)

    def _one(self, word: Any) -> Any:
        kind = self.kind
        if self.info.parser is not None or not isinstance(kind, type) or kind is bool:
            raise _Plain
        if word is self.default and isinstance(word, kind):
            return word
        convert = next((convert for base, convert in _CONVERSIONS if issubclass(kind, base)), None)
        if convert is None or type(word) is not str:
            raise _Plain
        try:
            word.encode()  # a word that is no UTF-8
            return convert(word, kind, self.info)
        except ValueError:
            raise _Plain from None


def _text(word: str, kind: Any, info: Any) -> str:
    return word


def _path(word: str, kind: Any, info: Any) -> Path:
    asked = info.exists or info.writable or info.resolve_path or not (info.file_okay and info.dir_okay)
    if asked or kind is not Path or (os.path.lexists(word) and not os.access(word, os.R_OK)):
        raise _Plain
    return Path(word)


def _choice(word: str, kind: Any, info: Any) -> Any:
    return kind(word)


def _integer(word: str, kind: Any, info: Any) -> int:
    if not _INTEGER.fullmatch(word) or info.clamp:
        raise _Plain
    number = int(word)
    if (info.min is not None and number < info.min) or (info.max is not None and number > info.max):
        raise _Plain
    return number


_CONVERSIONS: tuple[tuple[type, Callable[[str, Any, Any], Any]], ...] = ((Enum, _choice), (str, _text), (Path, _path), (int, _integer))
