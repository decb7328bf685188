"""Programs that may not live in `.venv`: what they install would answer to the name of our app `requests`.

Each gets an environment of its own in the user's cache, outside the checkout, made once for each version.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/zhongshi, else ~/.cache/zhongshi."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zhongshi"


def program(name: str, requirement: str) -> Path:
    """The script `name` of the package `requirement` (``package==version``); exits with a sentence if pip fails."""
    folder = cache_folder() / re.sub(r"[^A-Za-z0-9.]+", "-", requirement)
    script = folder / "bin" / name
    if script.exists():
        return script
    print(f"Installing {requirement} into {folder} (once) …", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = _quietly([sys.executable, "-m", "venv", str(folder)])
    made = made or _quietly([str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", requirement])
    if made:
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit(f"{requirement} could not be installed:\n{made}")
    return script


def clean_environment() -> dict[str, str]:
    """The environment without what would lead Python into this checkout."""
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}


def _quietly(command: list[str]) -> str:
    """Run it outside the checkout; what it said if it failed, else nothing."""
    done = subprocess.run(
        command, cwd=cache_folder(), env=clean_environment(), capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).strip() or f"exit {done.returncode}" if done.returncode else ""
