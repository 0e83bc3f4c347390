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
from tests.conftest import Make, env

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def steps(workflow: Any) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def commands(text: str) -> list[list[str]]:
    """The calls of the command line in a script of a shell."""
    words = [
        shlex.split(line.partition("||")[0].partition("2>")[0]) for line in text.splitlines() if line.strip().startswith("aistatecraft ")
    ]
    return [found[1:] for found in words]


def options(command: str) -> set[str]:
    import typer.main

    group: Any = typer.main.get_command(app)
    return {name for parameter in group.commands[command].params for name in parameter.opts}


# Contributed code and what may write


def test_there_are_the_two_jobs() -> None:
    assert {path.name for path in WORKFLOWS} >= {"validate.yml", "comment.yml"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_whatever_runs_contributed_code_can_only_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    triggers = workflow[True]  # "on" is a boolean of YAML 1.1
    assert "pull_request_target" not in triggers
    if "workflow_run" in triggers:
        return
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())
    assert "secrets" not in re.sub(r"(?m)^\s*#.*$", "", text)
    assert "github.token" not in text
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_what_may_write_runs_nothing_that_was_contributed() -> None:
    text = (ROOT / ".github/workflows/comment.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow[True] == {"workflow_run": {"workflows": ["validate"], "types": ["completed"]}}
    assert read(".github/workflows/validate.yml")["name"] == "validate"
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert job["if"] == "${{ github.event.workflow_run.event == 'pull_request' }}"
    (step,) = job["steps"]
    assert set(step) == {"uses", "with"}, "no shell, no checkout"
    assert step["uses"].startswith("actions/github-script@v")
    assert set(step["with"]) == {"script"}
    assert "${{" not in step["with"]["script"], "nothing is pasted into the script"
    assert "secrets" not in text


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.name)
def test_actions_are_those_of_github_at_a_major_version(path: Path) -> None:
    found = re.findall(r"uses:\s*(\S+)", path.read_text(encoding="utf-8"))
    assert found
    assert [each for each in found if not re.fullmatch(r"actions/[a-z-]+@v[0-9]+", each)] == []


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
        "body": "<!-- aistatecraft validate -->\nThere are errors to fix ([run](https://github.com/o/r/actions/runs/7)).\n\n"
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


# Commands, options and files that they name exist


def test_workflow_calls_the_command_line_as_it_is() -> None:
    called = [words for step in steps(read(".github/workflows/validate.yml")) for words in commands(step.get("run", ""))]
    assert [words[0] for words in called] == ["fmt", "validate", "validate", "diff", "info"]
    for name, *words in called:
        assert {word for word in words if word.startswith("--")} <= options(name)
    forms = {word for words in called if words[0] == "validate" for word in words} & set(ReportFormat)
    assert forms == {"github", "text"}


def test_action_validates_what_it_is_given(make: Make, tmp_path: Path) -> None:
    action = read("action.yml")
    assert action["runs"]["using"] == "composite"
    assert {name: given["default"] for name, given in action["inputs"].items()} == {
        "path": ".",
        "format": "github",
        "python-version": "3.13",
    }
    step = action["runs"]["steps"][-1]
    assert step["env"] == {"PACKAGE": "${{ inputs.path }}", "FORM": "${{ inputs.format }}"}
    schema = {"fields": [{"name": "id", "type": "integer"}]}
    name = "-x $(touch owned) `id`"
    make({"t": (schema, "id\nx\n")}, name=name)
    tool = tmp_path / "bin" / "aistatecraft"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m aistatecraft "$@"\n')
    tool.chmod(0o755)
    settings = {**env(), "PATH": f"{tool.parent}:{os.environ['PATH']}", "PACKAGE": name, "FORM": "github"}
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
