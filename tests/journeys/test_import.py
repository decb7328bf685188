"""A sheet of a thousand rows in a real browser, with a real worker: matched, mended, run, watched, undone."""

from __future__ import annotations

import contextlib
import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotYet
from python_calamine import CalamineWorkbook

from tests.platforms.importing.sample import HEADINGS, book, rows

from .conftest import SignIn, load_by

pytestmark = [pytest.mark.browser, pytest.mark.processes]
GOOD, BAD = 1_180, 20
PATIENCE_SECONDS = 180


def _sheet(folder: Path, good: int, bad: int) -> Path:
    """A sheet as a platform keeps it: some of its headings are not the template's."""
    own = {"平台名称": "中试平台的名称", "能力说明": "能力简介（对外）"}
    path = folder / "服务能力.xlsx"
    path.write_bytes(book(rows(good, bad)[0], [own.get(heading, heading) for heading in HEADINGS]))
    return path


def _prepare(page: Page, sheet: Path) -> None:
    page.goto("/desk/services/import/")
    page.set_input_files("#id_file", str(sheet))
    page.click("form[enctype] button")
    expect(page).to_have_url(re.compile(r"/columns/$"))
    assert page.input_value("#id_column-0") == "platform"
    assert page.input_value("#id_column-5") == "summary"
    page.click("#columns .button-primary")

    expect(page).to_have_url(re.compile(r"/check/$"))
    needs = page.locator(".import-kpis dd").nth(1)
    expect(needs).to_have_text(str(BAD))
    # One click mends all rows of a cause, in place.
    page.get_by_role("button", name="当作空单元格").click()
    expect(needs).to_have_text(str(BAD - 2))
    page.click(".actions .button-primary")
    expect(page.locator(".import-kpis dd").first).to_have_text(str(GOOD + 2))


def _watch(page: Page) -> list[int]:
    """The shares the bar shows until it is gone, each once."""
    seen: list[int] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        bar = page.locator("#import-run progress")
        if not bar.count():
            return seen
        with contextlib.suppress(NotYet):
            shown = int(bar.get_attribute("value", timeout=1_000) or 0)
            seen += [] if shown in seen else [shown]
        page.wait_for_timeout(100)
    pytest.fail(f"the run did not end: {seen}")


def test_a_sheet_is_imported_watched_and_undone(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("operator", javascript=True)
    _prepare(page, _sheet(tmp_path, GOOD, BAD))
    page.dblclick(".actions .button-primary")
    expect(page.locator("#import-run")).to_be_visible()
    page.wait_for_load_state()

    # The bar moves without the page being loaded anew, and is gone when the run is over.
    seen = _watch(page)
    assert seen == sorted(seen)
    assert len(seen) >= 2, seen
    expect(page.locator(".import-kpis dd").first).to_have_text(str(GOOD + 2))
    expect(page).to_have_title(re.compile("导入报告"))

    with page.expect_download() as download:
        page.click("a[href$='failed.xlsx']")
    failed = CalamineWorkbook.from_filelike(BytesIO(Path(download.value.path()).read_bytes())).get_sheet_by_index(0)
    assert len(failed.to_python()) == BAD - 2 + 1

    page.get_by_role("button", name="撤销导入").click()
    page.locator("#toasts button, dialog button").first.click()
    expect(page.get_by_text("该导入已由")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    page.goto("/desk/services/import/")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_it_goes_without_scripts(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("operator2")
    page.goto("/desk/services/import/")
    page.set_input_files("#id_file", str(_sheet(tmp_path, 80, 10)))
    load_by(page, page.locator("form[enctype] button"))
    load_by(page, page.locator("#columns .button-primary"))
    load_by(page, page.locator(".actions .button-primary"))
    load_by(page, page.locator(".actions .button-primary"))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while page.locator("progress").count() and time.monotonic() < deadline:
        time.sleep(0.5)
        load_by(page, page.get_by_role("link", name="刷新"))
    expect(page).to_have_title(re.compile("导入报告"))
    expect(page.locator(".import-kpis dd").first).to_have_text("80")
