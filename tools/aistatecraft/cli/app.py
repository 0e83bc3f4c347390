"""The command `aistatecraft`: its commands and exit codes.

Exit codes: 0 success, 1 problems found or a step refused, 2 wrong usage or unreadable input.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import signal
import sys
from collections.abc import Iterable
from importlib import import_module
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from aistatecraft.cli.option_types import Command, Group
from aistatecraft.cli.options import NoPagerOption
from aistatecraft.cli.output import ReaderGone, aside, guarded
from aistatecraft.cli.pager import paged
from aistatecraft.errors import AistatecraftError
from aistatecraft.package.extras import naming_broken_libraries

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    "info", "show", "find", "codebook", "sources", "disputes", "view", "chart", "ask", "acts", "panel", "identify", "cite", "validate", "explain", "fmt", "new", "diff", "history", "release", "site", "versions", "verify",
)  # fmt: skip
"""The commands, in the order of the help. Each is a module beside this one, which is imported when it is needed."""


def made(names: Iterable[str]) -> typer.Typer:
    """The command line with some of its commands."""
    app = typer.Typer(
        name="aistatecraft", cls=Group, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]},
        help="Data on how states compete, cooperate and hedge over artificial intelligence: read, validate, compare, release and cite the tables.",
        epilog="Exit codes: 0 success, 1 problems found, 2 wrong usage or unreadable input.",
    )  # fmt: skip
    app.callback()(_options)
    for name in names:
        module = import_module(f"aistatecraft.cli.{name}")
        app.command(name, epilog=module.EXAMPLES, short_help=module.SHORT, cls=Command)(module.command)
    return app


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import PackageNotFoundError, version

        from aistatecraft.cli.output import emit
        from aistatecraft.cli.package import choose
        from aistatecraft.package.escape import printable
        from aistatecraft.package.installed import installed

        chosen = choose()
        try:
            code = version("aistatecraft")
        except PackageNotFoundError:  # run from a checkout that is not installed
            code = "not installed"
        emit(printable(f"aistatecraft {installed().version} (data {chosen.package.version} of {chosen.label}, package {code})", 500))
        raise typer.Exit


def _options(
    _show_version: Annotated[
        bool, typer.Option("--version", help="Show the version of the data and of the package, and exit.", callback=_version, is_eager=True)
    ] = False,
    _no_pager: NoPagerOption = False,
) -> None:
    pass


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # All commands, for tests and documentation; `main` imports only the one that runs.
    return globals().setdefault("app", made(COMMANDS))


class Stopped(BaseException):
    """Ctrl-C. Not an `Exception`: pandera takes each of those for the failure of a check."""


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped


def main() -> None:
    """Run the command line. Errors are reported in one sentence on standard error."""
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, _stop)
    # None where the stream was closed before we began.
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    codecs.register_error("aistatecraft.escape", _escape)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Whatever the locale: a Chinese title must not end in a traceback.
            stream.reconfigure(errors="aistatecraft.escape")
    sys.stdout, sys.stderr = guarded(sys.stdout), guarded(sys.stderr)
    first = sys.argv[1:2]
    try:
        with paged(), naming_broken_libraries():
            made(first if {*first} <= {*COMMANDS} and first else COMMANDS)(prog_name="aistatecraft")
    except AistatecraftError as error:
        from aistatecraft.cli.package import hint

        _end(str(error) + hint(error), error.exit_code)
    except Stopped:
        _end("interrupted; no file was partly written.", 1)
    except ReaderGone:
        # Nothing is wrong (head, less).
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        _end(f"{error.filename or 'output'}: {error.strerror or error}; check space and permissions.", 2)
    except UnicodeEncodeError:
        _end("the command line or a schema contains text that is not valid UTF-8; use UTF-8 and a locale such as LC_ALL=C.UTF-8.", 2)
    except MemoryError:
        _end("the input does not fit into memory; use a smaller package.", 2)


def _drop_output() -> None:
    """Discard what is left in the buffer: Python would complain at exit that it cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Characters that the terminal or pipe cannot take, as JSON escapes them: what is printed as JSON stays JSON."""
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True)), error.end


def _end(sentence: str, code: int) -> NoReturn:
    with contextlib.suppress(OSError):
        aside(f"aistatecraft: {sentence}")
    sys.exit(code)
