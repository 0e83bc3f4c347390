"""Rewrite what the documentation derives from schemas, rules and tables. `--check` only says what is out of date.

    python3 tools/make.py docs [--check]

Generated are docs/codebook.md, docs/rules.md, docs/versions.md, docs/frameworks.md with its pictures, and the parts of README.md
between `<!-- name -->` and `<!-- /name -->` together with the output of its example.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

from aistatecraft.comparison.versions_page import versions_markdown
from aistatecraft.package import Package, open_package
from aistatecraft.package.codebook import codebook_markdown, entity_diagram
from aistatecraft.package.writing import write_all
from aistatecraft.validation.rule_pages import rules_markdown
from aistatecraft.views.frameworks_page import frameworks_pages

ROOT = Path(__file__).resolve().parent.parent
_EXAMPLE = re.compile(r"(```python\n(?P<code>[^`]*?print\(scores[^`]*?)```\n```text\n)(?P<output>[^`]*?)```")


def tables_markdown(package: Package) -> str:
    """The tables of the package and what a row is. Without counts: an added row must not make this page stale."""
    rows = [f"| `{name}` | {resource.schema.description} |" for name, resource in package.resources.items()]
    return "\n".join(["| table | what stands in it |", "|---|---|", *rows])


def example_output(readme: str) -> str:
    """What the README's example prints."""
    match = _EXAMPLE.search(readme)
    if match is None:
        raise SystemExit("README.md: the example is missing")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(match["code"], "README.md", "exec"), {})
    return out.getvalue()


def between(text: str, name: str, content: str) -> str:
    """`text` with `content` between the marks `name`."""
    return re.sub(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda match: f"{match[1]}{content}\n{match[2]}", text, flags=re.DOTALL)


def generated(*, render: bool = True) -> dict[Path, str]:
    """Path and content of every file that has generated parts; without `render` pictures that are out of date are not drawn again."""
    package = open_package(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    readme = between(readme, "tables", tables_markdown(package))
    readme = between(readme, "diagram", f"```mermaid\n{entity_diagram(package)}\n```")
    output = example_output(readme)
    readme = _EXAMPLE.sub(lambda match: f"{match[1]}{output}```", readme)
    return {
        ROOT / "README.md": readme,
        ROOT / "docs/codebook.md": codebook_markdown(package),
        ROOT / "docs/rules.md": rules_markdown(),
        ROOT / "docs/versions.md": versions_markdown(),
        **frameworks_pages(ROOT / "docs", ROOT, render=render),
    }


def main() -> int:
    """Rewrite, or with --check compare; gives the exit code."""
    files = generated(render="--check" not in sys.argv[1:])
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)}: out of date; run python3 tools/make.py docs")
        return 1 if stale else 0
    write_all({path: files[path].encode("utf-8") for path in stale})
    return 0


if __name__ == "__main__":
    sys.exit(main())
