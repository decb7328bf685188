"""The size check counts files and functions, and lets exactly the limit pass."""

from pathlib import Path

from tools.limits import too_long


def function(name: str, lines: int) -> str:
    return f"def {name}():\n" + "    pass\n" * (lines - 1)


def test_names_the_function_that_is_a_line_too_long(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(function("fits", 60) + function("grown", 61))
    assert list(too_long(path)) == [f"{path}:61 grown: 61 lines (at most 60)"]


def test_names_the_file_that_is_a_line_too_long(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("x = 1\n" * 400)
    assert list(too_long(path)) == []
    path.write_text("x = 1\n" * 401)
    assert list(too_long(path)) == [f"{path}: 401 lines (at most 400)"]
