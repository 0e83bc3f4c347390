"""Where contributors meet validation: hooks, action and workflows; above all that contributed code never meets a secret."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from aistatecraft.cli.app import app
from aistatecraft.validation.reporters import ReportFormat
from tests.conftest import Make, Run, env, tree

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def steps(workflow: Any) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def commands(text: str) -> list[list[str]]:
    """The calls of the command line in a script of a shell."""
    return [shlex.split(found) for found in re.findall(r"-I -m aistatecraft ([^|\n]*)", text)]


def options(command: str) -> set[str]:
    import typer.main

    group: Any = typer.main.get_command(app)
    return {name for parameter in group.commands[command].params for name in parameter.opts}


# Contributed code and what may write


WRITING = {
    "comment.yml": ({"workflow_run": {"workflows": ["validate"], "types": ["completed"]}}, {"actions": "read", "pull-requests": "write"}),
    "label.yml": ({"pull_request_target": {"types": ["opened", "synchronize", "reopened"]}}, {"pull-requests": "write"}),
}
"""The workflows that may write, with what starts them and what they may do."""


def test_there_are_these_workflows() -> None:
    assert {path.name for path in WORKFLOWS} == {"validate.yml", "tests.yml", "release.yml", "site.yml", *WRITING}


@pytest.mark.parametrize(
    "path", [path for path in WORKFLOWS if path.name not in (*WRITING, "release.yml", "site.yml")], ids=lambda path: path.name
)
def test_whatever_runs_contributed_code_can_only_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    # "on" is a boolean of YAML 1.1
    assert workflow[True] == {"pull_request": None, "push": {"branches": ["main"]}}
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())
    assert "secrets" not in re.sub(r"(?m)^\s*#.*$", "", text)
    assert "github.token" not in text
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", WRITING)
def test_what_may_write_runs_nothing_that_was_contributed(name: str) -> None:
    text = (ROOT / ".github/workflows" / name).read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert (workflow[True], workflow["permissions"]) == (WRITING[name][0], {})
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == WRITING[name][1]
    (step,) = job["steps"]
    assert set(step) == {"uses", "with"}, "no shell, no checkout"
    assert step["uses"].startswith("actions/github-script@")
    assert set(step["with"]) == {"script"}
    assert "${{" not in step["with"]["script"], "nothing is pasted into the script"
    assert "secrets" not in text


def test_releases_are_built_without_rights_and_published_only_on_request() -> None:
    workflow = read(".github/workflows/release.yml")
    assert (workflow[True], workflow["permissions"]) == ({"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}, {})
    build, attest, publish = (workflow["jobs"][name] for name in ("build", "attest", "publish"))
    assert build["permissions"] == {"contents": "read"}
    assert build["steps"][0]["with"]["persist-credentials"] is False
    assert "github.token" not in str(build)
    assert attest["permissions"] == {"actions": "read", "attestations": "write", "id-token": "write"}
    assert publish["permissions"] == {"actions": "read", "contents": "write"}
    assert (publish["needs"], attest["needs"]) == ("attest", "build")
    assert publish["if"] == "${{ vars.PUBLISH_RELEASES == 'true' }}"
    for job in (attest, publish):
        assert not any("checkout" in step.get("uses", "") or "aistatecraft -m" in step.get("run", "") for step in job["steps"])
    assert "secrets" not in str(workflow)
    called = [words for step in build["steps"] for words in commands(step.get("run", ""))]
    assert [words[0] for words in called] == ["verify", "release", "verify"]
    for name, *words in called:
        assert {word for word in words if word.startswith("--")} - {"--"} <= options(name)


def test_the_site_is_built_without_rights_and_published_only_on_request() -> None:
    workflow = read(".github/workflows/site.yml")
    assert (workflow[True], workflow["permissions"]) == ({"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}, {})
    build, publish = (workflow["jobs"][name] for name in ("build", "publish"))
    assert build["permissions"] == {"contents": "read"}
    assert build["steps"][0]["with"]["persist-credentials"] is False and "github.token" not in str(build)
    assert publish["permissions"] == {"actions": "read", "contents": "write"}
    assert (publish["needs"], publish["if"]) == ("build", "${{ vars.PUBLISH_SITE == 'true' }}")
    assert not any("uses" in step or " -m aistatecraft" in step["run"] for step in publish["steps"])
    ((name, *words),) = [words for step in build["steps"] for words in commands(step.get("run", ""))]
    assert name == "site" and {word for word in words if word.startswith("--")} <= options(name)
    assert "secrets" not in str(workflow)


def test_comments_are_for_pull_requests() -> None:
    (job,) = read(".github/workflows/comment.yml")["jobs"].values()
    assert job["if"] == "${{ github.event.workflow_run.event == 'pull_request' }}"
    assert read(".github/workflows/validate.yml")["name"] == "validate"


def test_the_verdict_is_that_of_the_base() -> None:
    (job,) = read(".github/workflows/validate.yml")["jobs"].values()
    base, head = (step["with"] for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@"))
    assert (base["ref"], base["path"]) == ("${{ github.event.pull_request.base.sha || github.sha }}", "base")
    assert ("ref" in head, head["path"]) == (False, "head")
    scripts = "\n".join(step.get("run", "") for step in job["steps"])
    assert re.findall(r"install .* (\S+)$", scripts, re.MULTILINE) == ["./base"]
    assert re.findall(r"\S*\bhead/\S*", scripts) == [], "nothing of the contribution is run, installed or entered"
    assert [step["working-directory"] for step in job["steps"] if "working-directory" in step] == ["judged", "judged"]


def test_actions_are_those_of_github_at_one_commit() -> None:
    found = [line for path in [*WORKFLOWS, ROOT / "action.yml"] for line in re.findall(r"uses:\s*(.+)", path.read_text(encoding="utf-8"))]
    assert [each for each in found if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", each)] == []
    assert len({each.partition("@")[0] for each in found}) == len(set(found)) == 5


def test_actions_and_libraries_are_kept_up_to_date() -> None:
    assert [update["package-ecosystem"] for update in read(".github/dependabot.yml")["updates"]] == ["github-actions", "pip"]


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.name)
def test_nothing_from_outside_is_pasted_into_a_shell(path: Path) -> None:
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    for step in whole["runs"]["steps"] if "runs" in whole else steps(whole):
        assert "${{" not in step.get("run", "")


# The report becomes a comment

HARNESS = """
const fs = require('fs');
const given = JSON.parse(fs.readFileSync(0, 'utf8'));
const said = [], core = {info: (text) => said.push(text), warning: (text) => said.push(text)};
const done = [];
const api = (name, answer) => async (words) => { done.push([name, words]); return {data: answer}; };
const github = {
  rest: {
    pulls: {list: api('pulls.list', given.pulls)},
    actions: {
      listWorkflowRunArtifacts: api('listWorkflowRunArtifacts', {artifacts: given.artifacts}),
      downloadArtifact: async (words) => { done.push(['downloadArtifact', words]); return {data: Buffer.from(given.zip, 'base64')}; },
    },
    issues: {listComments: null, updateComment: api('updateComment'), createComment: api('createComment')},
  },
  paginate: async () => given.comments,
};
const context = {repo: {owner: 'o', repo: 'r'}, payload: {workflow_run: given.run}};
const Async = Object.getPrototypeOf(async function () {}).constructor;
new Async('github', 'context', 'core', 'require', given.script)(github, context, core, require)
  .then(() => console.log(JSON.stringify({done, said})));
"""
RUN = {
    "id": 7,
    "head_sha": "abc",
    "head_branch": "fix",
    "head_repository": {"owner": {"login": "fork"}},
    "html_url": "https://github.com/o/r/actions/runs/7",
    "conclusion": "failure",
}


@pytest.fixture
def post(tmp_path: Path) -> Any:
    """Runs the script of comment.yml against a GitHub of its own; gives the calls it made and what it said."""
    if shutil.which("node") is None or shutil.which("unzip") is None:
        pytest.skip("needs node and unzip, as GitHub's machines have them")
    (step,) = steps(read(".github/workflows/comment.yml"))

    def run(report: str | None, **given: Any) -> tuple[list[Any], list[str]]:
        import base64

        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("report.txt", report or "")
        zipped = base64.b64encode(packed.getvalue()).decode()
        artifacts = [] if report is None else [{"id": 3, "name": "report", "size_in_bytes": len(packed.getvalue())}]
        whole = {
            "script": step["with"]["script"], "zip": zipped, "artifacts": artifacts, "comments": [], "run": RUN,
            "pulls": [{"number": 5, "head": {"sha": "abc"}}], **given,
        }  # fmt: skip
        done = subprocess.run(
            ["node", "-e", HARNESS],
            input=json.dumps(whole),
            capture_output=True,
            text=True,
            env={**os.environ, "RUNNER_TEMP": str(tmp_path)},
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return [call for call in told["done"] if call[0] in ("createComment", "updateComment")], told["said"]

    return run


def test_report_is_posted_in_a_fence(post: Any) -> None:
    ((name, words),), said = post("Validation\n0 problems\n")
    assert (name, said) == ("createComment", [])
    assert words == {
        "owner": "o",
        "repo": "r",
        "issue_number": 5,
        "body": "<!-- aistatecraft validate -->\nSomething needs fixing ([run](https://github.com/o/r/actions/runs/7)).\n\n"
        "~~~text\nValidation\n0 problems\n~~~\n",
    }


def test_report_cannot_leave_its_fence(post: Any) -> None:
    ((_, words),), _ = post("~~~\n@everyone\n~~~~~\n<img src=x>\n\x1b[31m\u202e")
    lines = words["body"].splitlines()
    assert lines[3:] == ["~~~~~~text", "~~~", "@everyone", "~~~~~", "<img src=x>", "\ufffd[31m\ufffd", "~~~~~~"]


def test_report_is_cut(post: Any) -> None:
    ((_, words),), _ = post("x" * 100_000)
    assert len(words["body"]) < 65_536, "GitHub takes no longer comment"
    assert "... cut off; the log of the run has all" in words["body"]


def test_comment_of_an_earlier_run_is_replaced_but_nobody_elses(post: Any) -> None:
    mark = "<!-- aistatecraft validate -->\nold"
    comments = [{"id": 1, "user": {"login": "someone"}, "body": mark}, {"id": 2, "user": {"login": "github-actions[bot]"}, "body": mark}]
    ((name, words),), _ = post("new", comments=comments)
    assert (name, words["comment_id"]) == ("updateComment", 2)
    ((name, _),), _ = post("new", comments=comments[:1])
    assert name == "createComment"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pulls": []}, "no open pull request has this commit at its head"),
        ({"pulls": [{"number": 9, "head": {"sha": "other"}}]}, "no open pull request has this commit at its head"),
        ({"run": {**RUN, "head_repository": None}}, "the repository of the pull request is gone"),
        ({"artifacts": [{"id": 3, "name": "other", "size_in_bytes": 5}]}, "the run left no report"),
        ({"artifacts": [{"id": 3, "name": "report", "size_in_bytes": 10**9}]}, "the report has 1000000000 bytes and is not read"),
    ],
)
def test_nothing_is_posted(post: Any, given: dict[str, Any], words: str) -> None:
    assert post("report", **given) == ([], [words])


# What a pull request touches becomes labels

LABELLER = """
const fs = require('fs');
const given = JSON.parse(fs.readFileSync(0, 'utf8'));
const done = [];
const api = (name) => async (words) => { done.push([name, words.labels ?? words.name]); };
const rest = {pulls: {listFiles: 'files'}, issues: {listLabelsOnIssue: 'labels', addLabels: api('add'), removeLabel: api('remove')}};
const github = {rest, paginate: async (what) => given[what]};
const context = {repo: {owner: 'o', repo: 'r'}, payload: {pull_request: {number: 5}}};
const Async = Object.getPrototypeOf(async function () {}).constructor;
new Async('github', 'context', 'core', given.script)(github, context, {info: () => null}).then(() => console.log(JSON.stringify(done)));
"""


@pytest.mark.parametrize(
    ("files", "labels", "done"),
    [
        (["data/actors.csv", "docs/formats.md", "README.md", "CITATION.cff"], [], []),
        (["data/actors.csv", "schemas/actors.json"], ["other"], [["add", ["touches: rules"]]]),
        (["datapackage.json", "suppressions.csv"], ["touches: rules"], []),
        (["tools/judge.py", "action.yml", ".ci/run"], [], [["add", ["touches: workflows", "touches: code"]]]),
        ([".github/workflows/x.yml"], ["touches: code"], [["add", ["touches: workflows"]], ["remove", "touches: code"]]),
        (["pyproject.toml"], [], [["add", ["touches: code"]]]),
        (["data/.gitattributes"], [], [["add", ["touches: code"]]]),
        (["data/sub/x.csv"], [], [["add", ["touches: code"]]]),
        (["docs", ".gitattributes", "x/README.md"], [], [["add", ["touches: code"]]]),
        ([{"filename": "data/x.csv", "previous_filename": "tools/x.py"}], [], [["add", ["touches: code"]]]),
        ([f"data/{n}.csv" for n in range(3000)], [], [["add", ["touches: workflows", "touches: rules", "touches: code"]]]),
    ],
)  # fmt: skip
def test_labels(files: list[Any], labels: list[str], done: list[Any]) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs node, as GitHub's machines have it")
    (step,) = steps(read(".github/workflows/label.yml"))
    given = {
        "script": step["with"]["script"],
        "files": [each if isinstance(each, dict) else {"filename": each} for each in files],
        "labels": [{"name": name} for name in labels],
    }
    ran = subprocess.run(["node", "-e", LABELLER], input=json.dumps(given), capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == done


# The verdict: rules of the base, tables of the contribution

STRICT = {"fields": [{"name": "id", "type": "integer"}]}
LOOSE = {"fields": [{"name": "id", "type": "string"}]}


def committed(folder: Path) -> Path:
    for words in (["init"], ["add", "--all"], ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--message=x"]):
        subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=True)
    return folder


def judged(base: Path, head: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "tools/judge.py"), str(base), str(head), str(target)], capture_output=True, text=True
    )


def test_tables_of_a_contribution_are_judged_by_the_rules_of_the_base(make: Make, run: Run, tmp_path: Path) -> None:
    base = make({"t": (STRICT, "id\n1\n"), "u": (STRICT, "id\n1\n")}, name="base")
    head = make({"t": (LOOSE, "id\nx\n"), "u": (LOOSE, "id\n2\n"), "more": (LOOSE, "id\ny\n")}, name="head")
    (base / "tool.py").write_text("base\n")
    (head / "tool.py").write_text("head\n")
    (head / ".gitattributes").write_text("*.csv export-ignore ident eol=crlf\n")
    committed(head)
    (head / "data/t.csv").write_text("id\n9\n")
    done = judged(committed(base), head, tmp_path / "judged")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tree(tmp_path / "judged") == {
        "datapackage.json": (base / "datapackage.json").read_bytes(), "tool.py": b"base\n", "data/t.csv": b"id\nx\n", "data/u.csv": b"id\n2\n",
    }  # fmt: skip
    assert run("validate", tmp_path / "judged").code == 1
    assert run("validate", head).code == 0


def test_a_link_is_no_table(make: Make, run: Run, tmp_path: Path) -> None:
    base, head = make({"t": (STRICT, "id\n1\n")}, name="base"), make({"t": (STRICT, None)}, name="head")
    (head / "data/t.csv").symlink_to(tmp_path / "base/data/t.csv")
    done = judged(base, committed(head), tmp_path / "judged")
    assert (done.returncode, done.stdout) == (0, "the contribution has no plain file data/t.csv\n")
    assert not (tmp_path / "judged/data/t.csv").exists()
    assert run("validate", tmp_path / "judged").code == 2


def test_what_is_no_repository_is_no_contribution(make: Make, tmp_path: Path) -> None:
    base = make({"t": (STRICT, "id\n1\n")}, name="base")
    done = judged(base, tmp_path / "none", tmp_path / "judged")
    assert done.returncode == 2 and "Traceback" not in done.stderr


# Commands, options and files that they name exist


def test_workflow_calls_the_command_line_as_it_is() -> None:
    called = [words for step in steps(read(".github/workflows/validate.yml")) for words in commands(step.get("run", ""))]
    assert [words[0] for words in called] == ["fmt", "validate", "validate", "diff", "info"]
    for name, *words in called:
        assert {word for word in words if word.startswith("--")} <= options(name)
    forms = {word for words in called if words[0] == "validate" for word in words} & set(ReportFormat)
    assert forms == {"github", "text"}


# Modules are those of the environment, and not files of the directory that is looked at


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    """A checkout with files that Python may take for modules of its own; each leaves a mark where it runs."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("pip", "venv", "pytest", "aistatecraft", "typer", "json", "sitecustomize", "usercustomize"):
        (checkout / f"{name}.py").write_text(f"open({str(tmp_path / 'RAN')!r}, 'a').write({name!r})\n", encoding="utf-8")
    return checkout


@pytest.mark.parametrize(
    "script", [step["run"] for step in [*read("action.yml")["runs"]["steps"], *steps(read(".github/workflows/validate.yml")), *steps(read(".github/workflows/tests.yml")), *steps(read(".github/workflows/release.yml")), *steps(read(".github/workflows/site.yml"))] if " -m " in step.get("run", "")]
)  # fmt: skip
def test_no_step_takes_modules_from_the_checkout(traps: Path, script: str) -> None:
    temporary = traps.parent / "temporary"
    # Instead of an environment, which takes long to make, the one of the tests; nothing can be installed from /nowhere.
    (temporary / "env/bin").mkdir(parents=True)
    python = temporary / "env/bin/python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    fake = traps.parent / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\nfor last; do :; done\nif [ "$3" = venv ]; then mkdir -p "$last/bin"; cp {shlex.quote(str(python))} "$last/bin/python"; else exec {shlex.quote(str(python))} "$@"; fi\n'
    )
    fake.chmod(0o755)
    settings = {
        **os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}", "PYTHONPATH": str(traps), "RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": "/nowhere",
        "GITHUB_OUTPUT": str(traps.parent / "output"), "PYTHON": str(python), "PACKAGE": ".", "FORM": "github",
    }  # fmt: skip
    done = subprocess.run(["bash", "-c", script], cwd=traps, env=settings, capture_output=True, text=True, timeout=120)
    assert "python: not found" not in done.stderr
    assert not (traps.parent / "RAN").exists()


def test_traps_are_traps(traps: Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--version"], cwd=traps, capture_output=True, check=False)
    assert (traps.parent / "RAN").read_text(encoding="utf-8").startswith("pip")


@pytest.mark.parametrize("task", ["release", "test", "check"])
def test_tasks_take_no_modules_from_the_directory(task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import make

    ran: list[list[str]] = []

    def record(command: list[str], **settings: Any) -> Any:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(make.subprocess, "run", record)
    monkeypatch.setattr(sys, "argv", ["make.py", task, "--env", str(tmp_path)])
    monkeypatch.setattr(make.Path, "write_text", lambda *words, **settings: 0)
    assert make.main() == 0
    modules = [command for command in ran if "-m" in command or "-c" in command]
    assert len(modules) >= 4
    assert [command for command in modules if command[1] not in ("-I", "-P")] == []
    if task == "check":
        assert ran[-1][1:] == ["--offline", "--no-progress", "."] and Path(ran[-1][0]).name == "zizmor"


def test_action_validates_what_it_is_given(make: Make, tmp_path: Path) -> None:
    action = read("action.yml")
    assert action["runs"]["using"] == "composite"
    assert {name: given["default"] for name, given in action["inputs"].items()} == {
        "path": ".",
        "format": "github",
        "python-version": "3.13",
    }
    step = action["runs"]["steps"][-1]
    assert step["env"] == {"PYTHON": "${{ steps.install.outputs.python }}", "PACKAGE": "${{ inputs.path }}", "FORM": "${{ inputs.format }}"}
    schema = {"fields": [{"name": "id", "type": "integer"}]}
    name = "-x $(touch owned) `id`"
    make({"t": (schema, "id\nx\n")}, name=name)
    settings = {**env(), "PYTHON": sys.executable, "PACKAGE": name, "FORM": "github"}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=tmp_path, env=settings, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error file=-x $(touch owned) `id`/data/t.csv,line=2,title=type::")
    assert not (tmp_path / "owned").exists()


def test_hooks() -> None:
    hooks = read(".pre-commit-hooks.yaml")
    assert [(hook["id"], shlex.split(hook["entry"]), hook["args"]) for hook in hooks] == [
        ("aistatecraft-fmt", ["aistatecraft", "fmt"], ["."]),
        ("aistatecraft-validate", ["aistatecraft", "validate", "--fast"], ["."]),
    ]
    for hook in hooks:
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)
        assert all(re.search(hook["files"], name) for name in ("data/actors.csv", "sub/datapackage.json", "schemas/actors.json"))
        assert not any(re.search(hook["files"], name) for name in ("README.md", "tools/aistatecraft/data.py"))
