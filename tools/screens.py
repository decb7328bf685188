"""`make screens`: a picture of every page into docs/screens, wide and narrow, small enough to commit."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import enter
from tests.journeys.inventory import PAGES, PageState, found_ids
from tests.journeys.service import FLAGS, Service, running_service
from tools.browser import find_chromium

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"
# Drawn at a part of their size, and not longer than this many pixels of the page.
WIDE, NARROW, LONGEST, QUALITY = (1440, 0.6), (390, 0.75), 2000, 62


def main() -> int:
    """Start the service with the demo's story, open every page of the inventory, keep one file for each width."""
    program = find_chromium()
    if program is None:
        print("No Chromium found: install chromium, or set CHROMIUM=/path/to/it.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, running_service(Path(folder)) as service, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=program, args=FLAGS)
        for account in sorted({page.account for page in PAGES}):
            for width, scale in (WIDE, NARROW):
                _shoot(browser, service, account, width, scale)
        browser.close()
    (FOLDER / "README.md").write_text(gallery())
    print(f"{len(list(FOLDER.glob('*.jpg')))} pictures in {FOLDER}.")
    return 0


def gallery() -> str:
    """The page that shows all pictures, wide beside narrow, in the order of the inventory."""
    lines = ["# Pages", "", "Drawn by `make screens` from the demo's data. Wide: 1440 px, narrow: 390 px.", ""]
    lines += ["| page | wide | narrow |", "|---|---|---|"]
    for state in PAGES:
        if state.shot:
            wide, narrow = (f"![]({state.name}-{width}.jpg)" for width in (WIDE[0], NARROW[0]))
            lines.append(f"| {state.name}<br>`{state.path}` | {wide} | {narrow} |")
    return "\n".join(lines) + "\n"


def _shoot(browser: Browser, service: Service, account: str, width: int, scale: float) -> None:
    context = browser.new_context(
        base_url=service.url, viewport={"width": width, "height": 900}, device_scale_factor=scale
    )
    page = context.new_page()
    if account:
        enter(page, account)
    ids = found_ids(service)
    for state in PAGES:
        if state.shot and state.account == account:
            _keep(page, state, state.path.format(**ids), width)
    context.close()


def _keep(page: Page, state: PageState, path: str, width: int) -> None:
    page.goto(path)
    # The window as high as the page: bars that stick to its edge lie where the page ends.
    height = min(LONGEST, int(page.evaluate("document.documentElement.scrollHeight")))
    page.set_viewport_size({"width": width, "height": max(900, height)})
    page.screenshot(path=FOLDER / f"{state.name}-{width}.jpg", type="jpeg", quality=QUALITY)
    page.set_viewport_size({"width": width, "height": 900})
    print(f"{state.name}-{width}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
