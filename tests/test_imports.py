"""What importing the package costs and gives: nothing heavy, every public name, each with words of its own."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import aistatecraft
from aistatecraft.views.catalogue import CHARTS, VIEWS
from tests.conftest import env

HEAVY = ("pandas", "numpy", "pandera", "frictionless", "pyarrow")


def python(code: str) -> str:
    """What a fresh interpreter prints that runs `code`."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env(), check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def modules() -> list[ModuleType]:
    names = [
        module.name for module in pkgutil.walk_packages(aistatecraft.__path__, "aistatecraft.") if not module.name.endswith("__main__")
    ]
    return [aistatecraft, *map(importlib.import_module, names)]


def names_of(module: ModuleType) -> list[str]:
    """Public names that a module defines itself: those of `__all__`, or of its classes and functions without underscore."""
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    made = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [name for name in made if not name.startswith("_")]


class TestLazy:
    def loaded(self, code: str) -> list[str]:
        """Which of the heavy libraries a fresh interpreter has loaded after `code`."""
        return python(f"import sys\n{code}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])").split()

    def test_importing_the_package_imports_nothing_of_it(self) -> None:
        assert self.loaded("import aistatecraft") == []
        assert (
            python("import sys, aistatecraft; print(*sorted(name for name in sys.modules if name.startswith('aistatecraft')))")
            == "aistatecraft"
        )

    def test_help_needs_no_heavy_library(self) -> None:
        help_of = "import contextlib, io, sys\nfrom aistatecraft.cli import main\nsys.argv = ['aistatecraft', {}'--help']\nwith contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as out: main()\nassert 'Usage' in out.getvalue()"
        for command in ("", "'show', ", "'validate', "):
            assert self.loaded(help_of.format(command)) == []

    def test_reading_a_package_and_its_version_need_no_heavy_library(self) -> None:
        assert self.loaded("import aistatecraft; aistatecraft.version") == []
        assert (
            self.loaded(
                "from aistatecraft.package import open_package, clean_records\np = open_package()\nlist(clean_records(p, p.resource('actors')))"
            )
            == []
        )

    def test_selecting_rows_needs_no_heavy_library(self) -> None:
        assert self.loaded("from aistatecraft.package.query import select\nfrom aistatecraft.package import open_package\np = open_package()\nnext(select(p, p.resource('actors'), ['id=BRA'])[1])") == []  # fmt: skip

    def test_loading_needs_pandas_but_neither_pandera_nor_frictionless(self) -> None:
        assert {"pandera", "frictionless"} & set(self.loaded("import aistatecraft; aistatecraft.load('actors')")) == set()


class TestPublicNames:
    def test_each_is_there_and_is_listed(self) -> None:
        assert set(aistatecraft.__all__) == set(dir(aistatecraft))
        for name in aistatecraft.__all__:
            assert getattr(aistatecraft, name) is not None
        assert aistatecraft.version == aistatecraft.__version__

    def test_help_begins_with_the_functions(self) -> None:
        listed = [name for functions in aistatecraft._FUNCTIONS.values() for name in functions]
        errors = {name for name in aistatecraft.__all__ if name.endswith("Error")}
        assert sorted(listed) == sorted(set(aistatecraft.__all__) - errors - {"__version__"})
        text = aistatecraft.__doc__ or ""
        assert all(re.search(rf"(?m)^    {name} +\S", text) for name in listed)
        assert max(len(line) for line in text.splitlines() if line.startswith("    ")) <= 76

    def test_views_hold_views_and_what_is_done_with_them(self) -> None:
        names = dir(aistatecraft.views)
        charts = {view.make.__name__ for view in CHARTS.values()}
        assert {name.replace("-", "_") for name in VIEWS} | charts | {"disputes", "chart", "draw", "readable", "spec"} == set(names)

    def test_a_name_that_is_not_there(self) -> None:
        with pytest.raises(AttributeError, match="module 'aistatecraft' has no attribute 'laod'"):
            _ = aistatecraft.laod  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        "before",
        ["aistatecraft.load('actors')", "aistatecraft.codebook('actors')", "import aistatecraft.cli", "from aistatecraft import *"],
    )
    def test_functions_stay_functions_in_whatever_order_they_are_used(self, before: str) -> None:
        names = [name for name in aistatecraft.__all__ if name not in ("version", "__version__", "views")]
        code = f"import aistatecraft\n{before}\nprint(*[name for name in {names!r} if not callable(getattr(aistatecraft, name))])"
        assert python(code) == ""

    def test_the_errors_are_of_one_family(self) -> None:
        for name in ("DataError", "RefusedError", "ReadError", "UsageError"):
            error = getattr(aistatecraft, name)
            assert issubclass(error, aistatecraft.AistatecraftError)
            assert error.exit_code == (1 if name in ("DataError", "RefusedError") else 2)
        assert issubclass(aistatecraft.UsageError, LookupError)

    def test_former_names_of_errors_stay_for_a_release(self) -> None:
        former = {"Damaged": "DataError", "Refused": "RefusedError", "Unreadable": "ReadError", "WrongUse": "UsageError"}
        for old, new in former.items():
            assert getattr(aistatecraft, old) is getattr(aistatecraft, new)

    def test_no_module_has_the_name_of_a_public_function(self) -> None:
        names = {module.__name__.removeprefix("aistatecraft.") for module in modules()}
        assert names & {name for name in aistatecraft.__all__ if name != "views"} == set()

    def test_every_module_class_and_function_has_words_of_its_own(self) -> None:
        silent = []
        for module in modules():
            silent += [module.__name__] if not (module.__doc__ or "").strip() else []
            for name in names_of(module):
                item = getattr(module, name)
                silent += [f"{module.__name__}.{name}"] if not (item.__doc__ or "").strip() else []
                if inspect.isclass(item):
                    silent += [
                        f"{module.__name__}.{name}.{member}"
                        for member, value in vars(item).items()
                        if not member.startswith("_")
                        and (inspect.isfunction(value) or isinstance(value, property))
                        and not (inspect.getdoc(value) or "").strip()
                    ]
        assert silent == []

    def test_functions_of_the_package_say_what_comes_out(self) -> None:
        for name in ("load", "missing", "codebook", "describe", "sources_of", "support", "bounds"):
            assert "Returns\n" in inspect.getdoc(getattr(importlib.import_module(aistatecraft._HOMES[name]), name)), name

    def test_what_a_module_lists_it_has(self) -> None:
        for module in modules():
            for name in getattr(module, "__all__", []):
                assert hasattr(module, name), f"{module.__name__}.{name}"
