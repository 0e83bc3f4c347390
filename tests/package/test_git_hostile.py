"""A repository in which every setting that can start a program starts one that leaves a mark: no command leaves any."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aistatecraft.package import git as module
from tests.conftest import ROOT, Run, edit, tree, write_project

HOOKS = (
    "applypatch-msg commit-msg fsmonitor-watchman p4-changelist p4-post-changelist p4-pre-submit p4-prepare-changelist post-applypatch "
    "post-checkout post-commit post-index-change post-merge post-receive post-rewrite post-update pre-applypatch pre-auto-gc pre-commit "
    "pre-merge-commit pre-push pre-rebase pre-receive prepare-commit-msg proc-receive push-to-checkout reference-transaction "
    "sendemail-validate update"
)
PROGRAMS = (
    "alias.cat-file alias.check-attr alias.config alias.ls-tree alias.rev-parse browser.b.cmd core.alternateRefsCommand core.askPass "
    "core.editor core.fsmonitor core.gitProxy core.pager core.sshCommand credential.helper credential.https://x.invalid.helper "
    "diff.d.command diff.d.textconv diff.external difftool.t.cmd filter.f.clean filter.f.process filter.f.smudge gpg.openpgp.program "
    "gpg.program gpg.ssh.defaultKeyCommand gpg.ssh.program gpg.x509.program init.templateDir interactive.diffFilter man.m.cmd "
    "merge.m.driver mergetool.t.cmd pager.cat-file pager.config pager.diff pager.log pager.ls-tree pager.rev-parse pager.show "
    "receive.procReceiveRefs remote.origin.receivepack remote.origin.uploadpack remote.origin.vcs sequence.editor "
    "submodule.s.update trailer.t.cmd trailer.t.command uploadpack.packObjectsHook web.browser"
)
WORDS = {
    "core.hooksPath": "hooks", "core.autocrlf": "true", "core.untrackedCache": "true", "core.commitGraph": "true",
    "diff.d.cachetextconv": "true", "extensions.worktreeConfig": "true", "filter.f.required": "true", "log.showSignature": "true",
    "merge.default": "m", "protocol.allow": "always", "protocol.ext.allow": "always", "protocol.file.allow": "always",
    "safe.bareRepository": "all", "safe.directory": "*", "submodule.recurse": "true", "submodule.s.active": "true",
    "submodule.s.url": "ext::sh", "status.submoduleSummary": "true", "fetch.recurseSubmodules": "true",
}  # fmt: skip
ATTRIBUTES = "* filter=f diff=d merge=m text=auto ident\n"
VARIABLES = "GIT_ASKPASS GIT_EDITOR GIT_EXTERNAL_DIFF GIT_PAGER GIT_PROXY_COMMAND GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND SSH_ASKPASS PAGER EDITOR VISUAL"  # fmt: skip


def git(folder: Path, *words: str) -> str:
    settings = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", str(folder), *settings, *words], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """The folder in which each program that is started leaves a file."""
    (tmp_path / "marks").mkdir()
    return tmp_path / "marks"


Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path, marks: Path) -> Program:
    """A function that writes a program which leaves a mark of its name, and gives its path."""

    def write(name: str) -> str:
        path = tmp_path / "programs" / name.replace("/", "_")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch '{marks / path.name}'\n")
        path.chmod(0o755)
        return str(path)

    return write


def setting(name: str, value: str) -> str:
    """A setting as it stands in a file of the configuration."""
    section, _, rest = name.partition(".")
    inner, _, key = rest.rpartition(".")
    return f'[{section} "{inner}"]\n\t{key} = "{value}"\n' if inner else f'[{section}]\n\t{key} = "{value}"\n'


def configure(file: Path, program: Program, suffix: str) -> None:
    """Set every program in one file of the configuration; each leaves a mark with the suffix."""
    with file.open("a", encoding="utf-8") as out:
        for name in PROGRAMS.split():
            mark = "!" if name.startswith(("alias.", "credential.", "submodule.")) else ""
            out.write(setting(name, mark + program(name + suffix)))
        out.writelines(setting(name, value) for name, value in WORDS.items())


@pytest.fixture
def repository(tmp_path: Path, program: Program) -> Path:
    """Three states of a package: two committed, the third in the work tree; then everything that could start a program is set."""
    top = write_project(tmp_path / "repo")
    git(top, "init", "-q", "-b", "main")
    for old, new in (("", ""), ("107.5", "108")):
        edit(top / "data/people.csv", old, new)
        git(top, "add", ".")
        git(top, "commit", "-q", "-m", "state")
    edit(top / "data/people.csv", "108", "109")
    inside = top / ".git"
    configure(inside / "config", program, "")
    configure(tmp_path / "included", program, "-included")
    configure(inside / "config.worktree", program, "-worktree")
    with (inside / "config").open("a") as config:
        config.write(f'[include]\n\tpath = {tmp_path / "included"}\n[includeIf "gitdir:{top}/**"]\n\tpath = {tmp_path / "included"}\n')
    for folder in (inside / "hooks", top / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in HOOKS.split():
            (folder / name).write_text(f"#!/bin/sh\nexec '{program(f'hook-{name}')}'\n")
            (folder / name).chmod(0o755)
    (inside / "info/attributes").write_text(ATTRIBUTES)
    (top / ".gitattributes").write_text(ATTRIBUTES)
    (top / "data/.gitattributes").write_text(ATTRIBUTES)
    return top


def without(repository: Path, key: str) -> None:
    """Take a setting out of all files of the configuration."""
    for file in (repository / ".git/config", repository / ".git/config.worktree", repository.parent / "included"):
        file.write_text(re.sub(f"\t{key} = .*\n", "", file.read_text()))


def tell_programs(monkeypatch: pytest.MonkeyPatch, program: Program, marks: Path) -> None:
    """Set the variables that name programs, files to write, or another repository."""
    for name in VARIABLES.split():
        monkeypatch.setenv(name, program(name))
    for name in ("GIT_TRACE", "GIT_TRACE_SETUP", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF", "GIT_TRACE_PACKET"):
        monkeypatch.setenv(name, str(marks / name))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, name in enumerate(("core.fsmonitor", "diff.external")):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", program(f"GIT_CONFIG_{name}"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor={program('GIT_CONFIG_PARAMETERS')}'")
    monkeypatch.setenv("GIT_PAGER_IN_USE", "1")


COMMANDS = (
    "validate . --changed HEAD",
    "validate . --changed HEAD~1 --format json",
    "validate . --fast --changed main",
    "validate data --changed HEAD",
    "diff HEAD .",
    "diff HEAD~1 HEAD --format json",
    "diff HEAD~1: . --format markdown",
    "diff HEAD:data HEAD",
    "diff nowhere .",
    "diff ^HEAD .",
    "diff installed HEAD",
    "history people ada --path .",
    "versions",
    "info --path .",
    "show people --path .",
    "cite --path .",
    "view",
    "fmt . --check",
    "fmt .",
    "validate . --fix --changed HEAD",
    "new people --path .",
    "release 0.2.0 --path .",
    "verify --path .",
)


class TestNothingRuns:
    @pytest.fixture(autouse=True)
    def here(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(repository)
        monkeypatch.setenv("AISTATECRAFT_RELEASES", "")

    def test_the_traps_are_sound(self, repository: Path, marks: Path) -> None:
        """Git itself runs what is set, so that an empty folder of marks says something."""
        subprocess.run(["git", "status"], capture_output=True, check=False, cwd=repository)
        without(repository, "process")  # which comes before clean, and at which git ends
        for command in ("status", "diff HEAD", "diff HEAD~1 HEAD", "diff --no-ext-diff HEAD~1 HEAD", "commit --allow-empty -m x"):
            # With a name of its own: a commit of nobody ends before its hooks, and whether git finds one itself depends on the machine.
            words = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *command.split()]
            subprocess.run(words, capture_output=True, check=False, cwd=repository)
        ran = {path.name.removesuffix("-worktree").removesuffix("-included") for path in marks.iterdir()}
        assert {"core.fsmonitor", "filter.f.process", "filter.f.clean", "diff.d.command", "diff.d.textconv", "hook-pre-commit"} <= ran

    @pytest.mark.parametrize("variables", [False, True])
    def test_by_any_command(
        self, repository: Path, marks: Path, program: Program, run: Run, monkeypatch: pytest.MonkeyPatch, variables: bool
    ) -> None:
        if variables:
            without(repository, "process")
            tell_programs(monkeypatch, program, marks)
        before = tree(repository)
        done = [run(*command.split()) for command in COMMANDS[:-6]]
        assert tree(repository) == before, "and nothing is written, in the work tree or by git"
        ends = [*done, *(run(*command.split()) for command in COMMANDS[-6:])]
        assert list(marks.iterdir()) == []
        assert {end.code for end in ends} <= {0, 1, 2} and not any("Traceback" in end.err for end in ends)
        assert (done[0].code, done[0].err) == (0, "1 record changed since HEAD; 0 problems elsewhere not shown\n")
        assert done[4].code == 0 and "109" in done[4].out and done[5].code == 0 and "107.5" in done[5].out

    @pytest.mark.parametrize("old_git", [False, True])
    @pytest.mark.parametrize("remote", ["ext", "file", "helper", "ssh", "git", "https"])
    def test_by_an_object_that_has_to_be_fetched(
        self, repository: Path, marks: Path, program: Program, run: Run, monkeypatch: pytest.MonkeyPatch, remote: str, old_git: bool
    ) -> None:
        """In a partial clone git fetches what is missing, with whatever program the remote names."""
        blob = git(repository, "rev-parse", "HEAD:data/people.csv")
        (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
        addresses = {"ext": f"ext::{program('ext')}", "file": str(repository), "ssh": "ssh://x.invalid/x", "git": "git://x.invalid/x"}
        config = repository / ".git/config"
        with config.open("a") as out:
            for name, value in (
                ("core.repositoryFormatVersion", "1"),
                ("extensions.partialClone", "origin"),
                ("remote.origin.promisor", "true"),
                ("remote.origin.partialCloneFilter", "blob:none"),
                ("remote.origin.url", addresses.get(remote, "https://x.invalid/x")),
            ):
                out.write(setting(name, value))
        if remote != "helper":
            without(repository, "vcs")
        if old_git:  # to which the variable says nothing
            monkeypatch.delitem(module._SETTINGS, "GIT_NO_LAZY_FETCH")
        if remote == "ext" and not old_git:  # the trap is sound
            subprocess.run(["git", "cat-file", "blob", blob], capture_output=True, check=False, cwd=repository, timeout=60)
            assert (marks / "ext").exists()
            for mark in marks.iterdir():
                mark.unlink()
        for command in ("validate . --changed HEAD", "diff HEAD .", "diff HEAD~1 HEAD"):
            done = run(*command.split())
            assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done
            assert "fetch" in done.err
        assert list(marks.iterdir()) == []

    def test_by_a_bare_repository_inside_the_package(
        self, repository: Path, marks: Path, program: Program, run: Run, tmp_path: Path
    ) -> None:
        """Such a folder can be part of a commit, so a clone of git brings it along, with a configuration of its own."""
        outer = tmp_path / "outer"
        outer.mkdir()
        package = write_project(outer / "package")
        for name in ("HEAD", "config", "objects", "refs"):
            (repository / ".git" / name).rename(package / name)
        with (package / "config").open("a") as out:
            out.write(setting("core.bare", "true") + setting("core.worktree", "."))
        git(outer, "init", "-q")
        for command in (f"validate {package} --changed HEAD", f"diff HEAD {package}"):
            done = run(*command.split())
            assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done
            assert "this is a bare repository, or outside the work tree of its repository" in done.err
        assert list(marks.iterdir()) == []

    def test_the_repository_is_that_of_the_package_whatever_a_hook_has_set(
        self, repository: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = write_project(tmp_path / "other", "id,name,born,score\nzoe,Zoe,,1\n")
        git(other, "init", "-q")
        git(other, "add", ".")
        git(other, "commit", "-q", "-m", "other")
        for name, value in {
            "GIT_DIR": other / ".git", "GIT_WORK_TREE": other, "GIT_INDEX_FILE": other / ".git/index", "GIT_PREFIX": "data/",
            "GIT_COMMON_DIR": other / ".git", "GIT_OBJECT_DIRECTORY": other / ".git/objects", "GIT_NAMESPACE": "x",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": other / ".git/objects", "GIT_SHALLOW_FILE": other / "x", "GIT_GRAFT_FILE": other / "x",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, str(value))
        done = run("validate", ".", "--changed", "HEAD")
        assert done.err == "1 record changed since HEAD; 0 problems elsewhere not shown\n"

    def test_replaced_objects_are_not_believed(self, repository: Path, run: Run) -> None:
        old, new = (git(repository, "rev-parse", f"{revision}:data/people.csv") for revision in ("HEAD~1", "HEAD"))
        place = repository / ".git/refs/replace"
        place.mkdir()
        (place / old).write_text(new + "\n")
        assert "107.5" in run("diff", "HEAD~1", "HEAD").out


def test_a_hook_of_git_can_run_it(tmp_path: Path) -> None:
    """`git commit` sets variables for its hooks that name the repository and its index."""
    top = write_project(tmp_path / "repo")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "first")
    git(top, "worktree", "add", "-q", str(tmp_path / "linked"))
    hook = top / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    code = "import sys; from aistatecraft.cli import main; sys.argv = 'aistatecraft validate . --changed HEAD'.split(); main()"
    hook.write_text(f"#!/bin/sh\nPYTHONPATH='{ROOT / 'tools'}' '{sys.executable}' -c \"{code}\" 2>&1 | tee '{tmp_path}/said'\n")
    hook.chmod(0o755)
    edit(tmp_path / "linked/data/people.csv", "107.5", "108")
    git(tmp_path / "linked", "commit", "-q", "-a", "-m", "second")
    assert "1 record changed since HEAD; 0 problems elsewhere not shown\n" in (tmp_path / "said").read_text()


def test_git_is_called_from_one_place() -> None:
    """No module beside `package.git` names the program."""
    callers = []
    for path in sorted((ROOT / "tools/aistatecraft").rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if any(isinstance(node, ast.Constant) and node.value == "git" for node in nodes):
            callers.append(path.name)
    assert callers == ["git.py"]
