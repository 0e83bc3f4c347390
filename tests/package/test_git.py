"""A package as it stood at a revision: read from the object store of a repository, which stays as it is."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from aistatecraft.api import diff
from aistatecraft.errors import ReadError, UsageError
from aistatecraft.package import git as module
from aistatecraft.package.descriptor import open_in
from aistatecraft.package.git import GitStore
from tests.comparison.described import told
from tests.conftest import Make, edit, tree, write_project


def git(folder: Path, *words: str) -> str:
    settings = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]
    return subprocess.run(["git", "-C", str(folder), *settings, *words], check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a package at its top, in three states: 107.5 (tag v1), 108 and, not committed, 109."""
    top = write_project(tmp_path / "repo")
    git(top, "init", "-q", "-b", "main")
    commit(top, "first")
    git(top, "tag", "v1")
    edit(top / "data" / "people.csv", "107.5", "108")
    commit(top, "second")
    edit(top / "data" / "people.csv", "108", "109")
    return top


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    """A repository with packages in two folders; gives the first."""
    for name in ("one", "two"):
        write_project(tmp_path / "repo" / "some where" / name, title=name)
    git(tmp_path / "repo", "init", "-q", "-b", "main")
    commit(tmp_path / "repo", "first")
    edit(tmp_path / "repo" / "some where" / "one" / "data" / "people.csv", "107.5", "108")
    return tmp_path / "repo" / "some where" / "one"


def score(store: GitStore) -> str:
    """The score of Ada, by which the states are told."""
    return store.read("data/people.csv").decode().splitlines()[1].rsplit(",", 1)[1]


class TestRevisions:
    def test_by_every_name(self, repository: Path) -> None:
        first = git(repository, "rev-parse", "v1")
        for revision, expected in (
            ("HEAD", "108"),
            ("main", "108"),
            ("HEAD~1", "107.5"),
            ("v1", "107.5"),
            (first, "107.5"),
            (first[:8], "107.5"),
            ("v1^0", "107.5"),
        ):
            store = GitStore(repository, revision)
            assert (score(store), store.label, store.root) == (expected, revision, None)
        assert GitStore(repository, "v1").commit == first

    def test_a_tag_with_words_of_its_own(self, repository: Path) -> None:
        git(repository, "tag", "-a", "-m", "words", "v2", "v1")
        assert score(GitStore(repository, "v2")) == "107.5"

    def test_a_bare_repository_is_not_read(self, repository: Path, tmp_path: Path) -> None:
        """A folder of a package can look like one, and has a configuration that no checkout of git has written."""
        git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
        embedded = repository / "data" / "bare.git"
        git(repository, "clone", "-q", "--bare", str(repository), str(embedded))
        for place in (tmp_path / "bare.git", embedded, embedded / "refs", repository / ".git"):
            with pytest.raises(
                UsageError, match=r"this is a bare repository, or outside the work tree .*; give a directory of a checkout\.$"
            ):
                GitStore(place, "v1")

    @pytest.mark.parametrize("revision", ["v9", "HEAD~9", "a b", "HEAD^!", "HEAD^@", "HEAD^-", "HEAD@{x}", "x" * 5_000, "\udcff", "dätä"])
    def test_none(self, repository: Path, revision: str) -> None:
        with pytest.raises(
            UsageError, match="is neither a path nor a released version nor a revision of the git repository; give one of them"
        ):
            GitStore(repository, revision)

    @pytest.mark.parametrize(
        ("revision", "reason"),
        [
            ("", "it is empty"),
            ("--all", "it begins with '-', as an option does"),
            ("-h", "it begins with '-', as an option does"),
            ("--output=owned", "it begins with '-', as an option does"),
            ("^HEAD", "it begins with '^', which excludes commits"),
            ("HEAD..v1", "'..' makes it a range of commits"),
            ("HEAD...v1", "'..' makes it a range of commits"),
            ("HEAD:data", "':' makes it a file of a revision, or a search"),
            (":/first", "':' makes it a file of a revision, or a search"),
            ("HEAD\0", "it contains a control character"),
            ("HEAD\nv1", "it contains a control character"),
            ("HEAD\x1b[31m", "it contains a control character"),
            ("\ud800", "it contains a control character"),
        ],
    )
    def test_what_cannot_be_one_is_never_given_to_git(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch, revision: str, reason: str
    ) -> None:
        monkeypatch.setattr(module, "git", None)
        sentence = rf"^{re.escape(repr(revision))} is neither a path .* nor a revision of the git repository \({re.escape(reason)}\); give one of them, [^\n]*\.$"
        with pytest.raises(UsageError, match=sentence):
            GitStore(repository, revision)

    def test_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"'HEAD' is neither a path nor a released version, and .* is not in a git repository"):
            GitStore(tmp_path, "HEAD")

    def test_a_repository_that_is_broken(self, repository: Path) -> None:
        (repository / ".git" / "config").write_text("[core\n")
        with pytest.raises(UsageError, match=r"git cannot read this repository \(fatal: bad config"):
            GitStore(repository, "HEAD")

    def test_a_repository_of_another_user(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        with pytest.raises(UsageError) as caught:
            GitStore(repository / "data", "HEAD")
        assert str(caught.value) == (
            f"{repository / 'data'}: git does not read this repository, because it belongs to another user; if you trust it, run: git config --global --add safe.directory {repository}"
        )

    def test_a_repository_that_never_answers(self, repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        git(repository, "config", "include.path", str(tmp_path / "pipe"))
        monkeypatch.setattr(module, "_SECONDS", 0.2)
        with pytest.raises(UsageError, match=r"git did not end within 0\.2 seconds; check the repository, or leave the revision out\.$"):
            GitStore(repository, "HEAD")

    @pytest.mark.parametrize("name", ["git", "git.exe", "git.bat"])
    def test_git_is_not_looked_for_in_the_current_directory(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
    ) -> None:
        (repository / name).write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
        (repository / name).chmod(0o755)
        monkeypatch.chdir(repository)
        monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
        assert score(GitStore(repository, "v1")) == "107.5"
        assert not (tmp_path / "ran").exists()

    def test_no_git(self, repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(UsageError, match="git was not found"):
            GitStore(repository, "HEAD")


class TestFolders:
    def test_where_one_stands(self, nested: Path) -> None:
        store = GitStore(nested, "HEAD")
        assert (store.folder, store.label, open_in(store, "datapackage.json").title) == ("some where/one/", "HEAD:some where/one", "one")

    def test_a_named_one(self, nested: Path) -> None:
        for folder in ("some where/two", "some where/two/", "/some where/two"):
            assert open_in(GitStore(nested, "HEAD", folder), "datapackage.json").title == "two"

    def test_at_the_top_where_one_stands_below(self, repository: Path) -> None:
        assert score(GitStore(repository / "data", "v1")) == "107.5"

    def test_without_a_package(self, nested: Path) -> None:
        with pytest.raises(ReadError, match=r"HEAD: there is no datapackage\.json at this revision; write REVISION:FOLDER"):
            GitStore(nested.parent.parent, "HEAD")
        with pytest.raises(ReadError, match=r"HEAD:data: there is no datapackage\.json"):
            GitStore(nested, "HEAD", "data")


class TestFiles:
    def test_names_sizes_and_what_is_not_there(self, repository: Path) -> None:
        store = GitStore(repository, "v1")
        assert (store.names("data"), store.names("none")) == (["people.csv"], [])
        assert "datapackage.json" in store.names(".")
        assert store.size("data/people.csv") == len(store.read("data/people.csv")) == len(store.open("data/people.csv").read())
        assert [store.exists(path) for path in ("data/people.csv", "data", "x")] == [True, False, False]
        with pytest.raises(ReadError, match=r"x\.csv: the file is missing in v1\."):
            store.read("x.csv")
        with pytest.raises(ReadError, match="points outside the package"):
            store.read("../x.csv")

    def test_of_another_kind_or_size_are_read_one_by_one(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert GitStore(repository, "v1").read("LICENSE-DATA") == b"CC BY 4.0\n"
        monkeypatch.setattr(module, "_TOGETHER", 10)
        assert score(GitStore(repository, "v1")) == "107.5"

    def test_that_are_too_long(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "_MAX_BYTES", 50)
        with pytest.raises(ReadError, match=r"people\.csv: the file has 58 bytes in this revision, more than the limit of 50; give"):
            GitStore(repository, "v1").read("data/people.csv")

    def test_with_any_name(self, make: Make, tmp_path: Path) -> None:
        top = make({"t": ({"fields": [{"name": "id"}]}, "id\n1\n")}, "repo")
        name = 'dätä\t"x" 1.csv'
        (top / "data" / "t.csv").rename(top / "data" / name)
        (top / "data" / "empty.csv").write_bytes(b"")
        edit(top / "datapackage.json", "data/t.csv", f"data/{name}".replace("\t", "\\t").replace('"', '\\"'))
        git(top, "init", "-q")
        commit(top, "first")
        package = open_in(GitStore(top, "HEAD"), "datapackage.json")
        assert package.store.read(package.resources["t"].path) == b"id\n1\n"
        assert package.store.read("data/empty.csv") == b""

    def test_that_are_links_are_not_followed(self, repository: Path, tmp_path: Path) -> None:
        (tmp_path / "secret.csv").write_text("id,name,born,score\nsecret,,,\n")
        (repository / "data" / "people.csv").unlink()
        (repository / "data" / "people.csv").symlink_to(tmp_path / "secret.csv")
        commit(repository, "a link")
        store = GitStore(repository, "HEAD")
        for ask in (store.read, store.size, store.open):
            with pytest.raises(ReadError, match=r"data/people\.csv: in HEAD this is a link; replace it with the file"):
                ask("data/people.csv")

    def test_behind_a_link_to_a_folder_are_not_there(self, repository: Path) -> None:
        git(repository, "mv", "data", "tables")
        (repository / "data").symlink_to("tables")
        commit(repository, "a link")
        with pytest.raises(ReadError, match=r"data/people\.csv: the file is missing in HEAD"):
            GitStore(repository, "HEAD").read("data/people.csv")

    def test_as_they_were_committed_whatever_filters_are_set(self, repository: Path) -> None:
        git(repository, "config", "core.autocrlf", "true")
        (repository / ".git" / "info" / "attributes").write_text("*.csv text eol=crlf filter=evil\n")
        git(repository, "config", "filter.evil.smudge", "touch evil; cat")
        assert b"\r" not in GitStore(repository, "HEAD").read("data/people.csv")
        assert not list(repository.rglob("evil"))

    def test_whose_objects_are_gone(self, repository: Path) -> None:
        blob = git(repository, "rev-parse", "v1:data/people.csv")
        place = repository / ".git" / "objects" / blob[:2] / blob[2:]
        place.chmod(0o644)
        content = place.read_bytes()
        for damage in (None, content[:-4], b"no object"):
            place.unlink() if damage is None else place.write_bytes(damage)
            with pytest.raises(ReadError):
                GitStore(repository, "v1").read("data/people.csv")


class TestDiff:
    def test_leaves_work_tree_index_and_repository_as_they_are(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        git(repository, "add", ".")
        edit(repository / "data" / "people.csv", "109", "110")
        monkeypatch.chdir(repository)
        status = git(repository, "status", "--porcelain=v2")
        before = tree(repository)
        changed = [
            [("changed", "people ada score", was, now, "value-corrected")]
            for was, now in (("107.5", "110"), ("107.5", "108"), ("108", "107.5"))
        ]
        assert [told(diff("v1", ".")), told(diff("v1", "HEAD")), told(diff("main", "HEAD~1"))] == changed
        assert tree(repository) == before
        assert git(repository, "status", "--porcelain=v2") == status

    def test_a_revision_is_looked_for_where_the_other_package_lies(
        self, nested: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        expected = [("changed", "people ada score", "107.5", "108", "value-corrected")]
        assert told(diff("HEAD", nested)) == told(diff("HEAD", nested / "datapackage.json")) == expected
        assert [change.property for change in diff("HEAD:some where/two", nested).changes] == ["title", ""]
        with pytest.raises(UsageError, match="not in a git repository"):
            diff("HEAD", "HEAD")

    def test_a_tag_that_looks_like_a_version(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        git(repository, "tag", "97.0.1", "v1")
        monkeypatch.chdir(repository)
        assert told(diff("97.0.1", "HEAD")) == [("changed", "people ada score", "107.5", "108", "value-corrected")]
        with pytest.raises(UsageError, match=r"'97\.0\.2' was never released"):
            diff("97.0.2", "HEAD")

    def test_what_is_set_for_git_as_a_whole_does_not_matter(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
        monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
        assert len(diff("v1", repository).changes) == 1
        assert os.environ["LC_ALL"] == "tr_TR.UTF-8"
