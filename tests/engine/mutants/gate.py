"""The mutation gate: every planted fault must be noticed by a test.

    python -m tests.engine.mutants.gate [--only N ... | --every N] [--jobs N]

Each fault is planted into a copy of the package, never into the checkout, and the engine's fast tests run
against the copy until the first failure. Ends with 1 when a fault survives, 2 when the list does not fit
the sources any more or the tests fail without any fault.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.engine.mutants.fault import TABLE, WRITING, Fault
from tests.engine.mutants.faults import FAULTS

ROOT = Path(__file__).resolve().parents[3]
ENGINE = Path("okrsync/sync_engine")
TESTS = Path("tests/engine")
PATIENCE = 300.0
"""Seconds after which there is no verdict, which fails the gate: slow tests must not pass for noticing."""
SLOW = ("test_create_crashes.py",)
"""Enumerations of crash points that take minutes; they prove more than the gate needs."""

RUN = """
import pathlib, sys, pytest, okrsync
assert pathlib.Path(okrsync.__file__).is_relative_to(pathlib.Path.cwd()), okrsync.__file__
sys.exit(pytest.main(sys.argv[1:]))
"""
FAILED = 1
"""pytest's exit code for failed tests; any other but 0 means that the run itself was broken."""


@dataclass(frozen=True)
class Verdict:
    """What became of one fault."""

    number: int
    fault: Fault
    killed: bool
    seconds: float
    by: str

    @property
    def unclear(self) -> str:
        """Why a fault that was not noticed may still be noticeable."""
        return self.by if self.by.startswith("no verdict") else ""


class GateError(Exception):
    """The gate cannot judge: a fault does not fit its file, or the tests fail by themselves."""


def mutate(source: str, fault: Fault) -> str:
    """The source with the fault. Raises GateError unless `before` stands there exactly once."""
    found = source.count(fault.before)
    if found != 1:
        raise GateError(f"{fault.file}: {fault.before!r} stands there {found} times, not once")
    return source.replace(fault.before, fault.after)


def check(faults: Sequence[Fault]) -> None:
    """Whether every fault fits. Raises GateError with all that do not."""
    wrong = []
    for fault in faults:
        try:
            mutate((ROOT / ENGINE / fault.file).read_text(encoding="utf-8"), fault)
        except GateError as error:
            wrong.append(str(error))
    if wrong:
        raise GateError("\n".join(wrong))


def fast_tests(folder: Path) -> list[str]:
    """The engine's tests that take seconds; scenarios first, then the tables."""
    scenarios = sorted(path.name for path in (folder / TESTS).glob("test_*.py") if path.name not in SLOW)
    return [*scenarios, WRITING, TABLE]


def copy_to(folder: Path) -> None:
    """A checkout of its own: the package and what its engine tests need."""
    ignore = shutil.ignore_patterns("__pycache__", "mutants")
    shutil.copytree(ROOT / "okrsync", folder / "okrsync", ignore=ignore)
    shutil.copytree(ROOT / TESTS, folder / TESTS, ignore=ignore)
    shutil.copy(ROOT / "tests" / "__init__.py", folder / "tests" / "__init__.py")
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")


@contextmanager
def planted(folder: Path, fault: Fault) -> Iterator[None]:
    """The fault in the copy, and the right source again afterwards; compiled files never outlive a source."""
    path = folder / ENGINE / fault.file
    right = path.read_text(encoding="utf-8")
    try:
        _put(path, mutate(right, fault))
        yield
    finally:
        _put(path, right)


def _put(path: Path, source: str) -> None:
    path.write_text(source, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def run(folder: Path, first: Sequence[str]) -> tuple[int, str]:
    """Run the fast tests, `first` before the others, until one fails: exit code and what failed."""
    files = [str(TESTS / name) for name in dict.fromkeys((*first, *fast_tests(folder)))]
    options = ["-x", "--tb=no", "-p", "no:cacheprovider", "-m", "not slow and not postgres"]
    try:
        done = subprocess.run(
            [sys.executable, "-c", RUN, *options, *files],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 0, "no verdict: took too long"
    failures = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return done.returncode, failures[0] if failures else (done.stdout + done.stderr)[-300:]


def judge(number: int, fault: Fault, folder: Path) -> Verdict:
    """Plant one fault and see whether a test notices. Raises GateError when pytest itself broke."""
    began = time.monotonic()
    with planted(folder, fault):
        code, what = run(folder, fault.first)
    if code not in (0, FAILED):
        raise GateError(f"fault {number} ({fault.breaks}) broke the run itself ({code}): {what.strip()}")
    return Verdict(number, fault, code != 0, time.monotonic() - began, what)


def judge_all(chosen: Sequence[int], jobs: int) -> Iterator[Verdict]:
    """Every chosen fault, a few at a time, each job in a copy of its own."""
    with tempfile.TemporaryDirectory() as room, ThreadPoolExecutor(jobs) as pool:
        free: SimpleQueue[Path] = SimpleQueue()
        for job in range(jobs):
            copy_to(Path(room) / str(job))
            free.put(Path(room) / str(job))

        def one(number: int) -> Verdict:
            folder = free.get()
            try:
                return judge(number, FAULTS[number - 1], folder)
            finally:
                free.put(folder)

        yield from pool.map(one, chosen)


def prove_tests_pass() -> None:
    """Without a fault everything passes, or no verdict means anything. Raises GateError."""
    with tempfile.TemporaryDirectory() as room:
        copy_to(Path(room))
        code, what = run(Path(room), ())
    if code != 0 or "no verdict" in what:
        raise GateError(f"the tests fail without any fault: {what}")


def show(verdict: Verdict) -> str:
    """One line for people."""
    word = "killed  " if verdict.killed else "SURVIVED"
    by = (
        verdict.by.split(" - ")[0].removeprefix("FAILED ").rpartition("::")[2]
        if verdict.killed
        else verdict.unclear
    )
    where = f"{verdict.fault.file:13} {verdict.fault.breaks}"
    return f"{verdict.number:3} {word} {verdict.seconds:5.1f} s  {where}" + (f"  [{by}]" if by else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate: 0 when every fault was noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine.mutants.gate", description=__doc__)
    parser.add_argument("--only", type=int, nargs="+", metavar="N", help="only these faults, by number")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth fault only")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    options = parser.parse_args(arguments)
    chosen = options.only or range(1, len(FAULTS) + 1, options.every)
    began = time.monotonic()
    try:
        check(FAULTS)
        if options.only is None and options.every == 1:
            prove_tests_pass()
        survived = 0
        for verdict in judge_all(list(chosen), options.jobs):
            survived += not verdict.killed
            sys.stdout.write(show(verdict) + "\n")
            sys.stdout.flush()
    except GateError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{len(chosen)} faults, {len(chosen) - survived} killed, {survived} survived, {seconds:.0f} s\n"
    )
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
