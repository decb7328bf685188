"""Which Chromium the browser tests would drive: `python tools/browser.py` says so in one line."""

import os
import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The program named by CHROMIUM, else the first of the usual names on PATH, else None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def main() -> None:
    found = find_chromium()
    if found:
        print(f"Browser tests: with {found}.")
    else:
        print("Browser tests: skipped, no Chromium found (install chromium, or set CHROMIUM=/path/to/it).")


if __name__ == "__main__":
    main()
