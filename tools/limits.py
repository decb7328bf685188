"""No file over 400 lines, no function over 60: `python tools/limits.py` names those that are."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDERS = ("zhongshi", "platforms", "requests", "matching", "tests", "tools", "benchmarks")
FILE_LINES, FUNCTION_LINES = 400, 60


def too_long(path: Path) -> Iterator[str]:
    """A sentence for the file and for each function beyond its limit, from `def` to the last line."""
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > FILE_LINES:
        yield f"{path}: {lines} lines (at most {FILE_LINES})"
    for node in ast.walk(ast.parse(text, str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{path}:{node.lineno} {node.name}: {length} lines (at most {FUNCTION_LINES})"


def main() -> int:
    paths = [path for folder in FOLDERS for path in sorted((CHECKOUT / folder).rglob("*.py"))]
    found = [line for path in paths if "migrations" not in path.parts for line in too_long(path)]
    print("\n".join(found) or f"{len(paths)} files within the limits.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
