"""The lock check: every way in which locks and pyproject.toml can disagree."""

from pathlib import Path

import pytest

from tools.lock import problems

PYPROJECT = """
[project]
dependencies = ["alpha-unheard-of>=1,<2"]
[dependency-groups]
dev = ["beta_unheard.of>=3"]
bench = ["gamma-unheard-of>=2"]
"""
ALPHA = "alpha-unheard-of==1.5 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
BETA = "beta-unheard-of==3.1 ; sys_platform == 'linux' \\\n    --hash=sha256:cc\n"
GAMMA = "gamma-unheard-of==2.4 \\\n    --hash=sha256:ee\n"


def checkout(folder: Path, runtime: str, development: str, bench: str = GAMMA) -> Path:
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "requirements.lock").write_text(runtime)
    (folder / "requirements-dev.lock").write_text(development)
    (folder / "requirements-bench.lock").write_text(bench)
    return folder


def test_agreeing_locks_give_no_complaint(tmp_path: Path) -> None:
    assert problems(checkout(tmp_path, ALPHA, ALPHA + BETA)) == []


@pytest.mark.parametrize(
    ("runtime", "development", "complaint"),
    [
        (ALPHA, ALPHA, "requirements-dev.lock: beta_unheard.of is missing"),
        (ALPHA, ALPHA + BETA.replace("3.1", "2.9"), "requirements-dev.lock: beta_unheard.of 2.9 is not >=3"),
        (
            ALPHA,
            ALPHA.replace("1.5", "1.6") + BETA,
            "requirements-dev.lock: alpha-unheard-of is not 1.5 as in requirements.lock",
        ),
        (ALPHA, ALPHA + "beta-unheard-of==3.1\n", "requirements-dev.lock: beta-unheard-of has no hash"),
        (
            ALPHA,
            ALPHA + BETA + "requests==2.32.0 \\\n    --hash=sha256:dd\n",
            "requirements-dev.lock: requests is the name of our app and must not be installed",
        ),
    ],
)
def test_names_each_disagreement(tmp_path: Path, runtime: str, development: str, complaint: str) -> None:
    assert problems(checkout(tmp_path, runtime, development)) == [complaint]


@pytest.mark.parametrize(
    ("bench", "complaint"),
    [
        (GAMMA.replace("2.4", "1.9"), "requirements-bench.lock: gamma-unheard-of 1.9 is not >=2"),
        (
            GAMMA + ALPHA.replace("1.5", "1.6"),
            "requirements-bench.lock: alpha-unheard-of is not 1.5 as in requirements-dev.lock",
        ),
        ("gamma-unheard-of==2.4\n", "requirements-bench.lock: gamma-unheard-of has no hash"),
    ],
)
def test_holds_the_lock_of_the_benchmarks_against_the_others(tmp_path: Path, bench: str, complaint: str) -> None:
    assert problems(checkout(tmp_path, ALPHA, ALPHA + BETA, bench)) == [complaint]
