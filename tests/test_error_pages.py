"""Every error code has a page that shows it, and shows how it is mended; what the pages show is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import dispute_rules
from dispute_rules.authoring.check import check
from dispute_rules.cli import given_case
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.written import Pack
from tests.codes import codes_in
from tests.conftest import write_pack
from tests.error_pages import INDEX, MENDING, Page, pages, small_pack

SOURCE = Path(dispute_rules.__path__[0])
each_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.code)
played = cache(Page.play)


@pytest.fixture(scope="module", autouse=True)
def shipped_packs_loaded_once() -> Iterator[None]:
    """The shell loads its pack for each command; a shipped one is the same each time."""
    shipped = cache(load_pack)

    def load(pack: str | Path, *, language: str | None = None) -> Pack:
        return shipped(pack) if pack in shipped_packs() and language is None else load_pack(pack, language=language)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(given_case, "load_pack", load)
        yield


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {page.code for page in pages()} == codes_in(SOURCE)


@each_page
def test_a_page_has_title_meaning_fault_and_mending(page: Page) -> None:
    assert page.text.startswith(f"# {page.code}\n\n")
    assert re.findall(r"^#.*$", page.text, re.MULTILINE) == [f"# {page.code}", MENDING.strip()]


@each_page
def test_a_page_shows_what_is_printed(page: Page) -> None:
    assert played(page).text == page.text, "make errors writes what is printed into the pages"


@each_page
def test_the_fault_has_the_code(page: Page) -> None:
    last = played(page).fault[-1]
    assert last.codes[0] == page.code
    assert last.status in (1, 2)


@each_page
def test_what_is_mended_is_without_fault(page: Page) -> None:
    for ran in played(page).mended:
        assert (ran.codes, ran.status) == ([], 0), ran.printed


def test_the_index_lists_every_page_once_with_its_meaning() -> None:
    listed = re.findall(r"^- .*$", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(f"- [{page.code}]({page.code}.md): {page.meaning}" for page in pages())


def test_the_index_lists_the_codes_of_a_group_by_the_alphabet() -> None:
    groups = INDEX.read_text(encoding="utf-8").split("\n## ")[1:-1]
    assert len(groups) == 5
    for group in groups:
        codes = re.findall(r"^- \[([a-z0-9-]+)\]", group, re.MULTILINE)
        assert codes
        assert codes == sorted(codes)


def test_the_small_pack_is_without_fault(tmp_path: Path) -> None:
    write_pack(tmp_path, small_pack())
    report = check(load_pack(tmp_path / "shop"))
    assert (report.findings, report.undecided) == ([], [])
    assert report.rules == len([name for name in small_pack() if name.count("/") == 2 and "decision" not in name])


# --- how codes are found


TAKERS = """
class Problem:
    place: str
    code: str

class Notes:
    def note(self, path, code, message): ...

"""


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ('Problem("here", "gap")', {"gap"}),
        ('Problem("here", code="gap")', {"gap"}),
        ('Problem("here", "gap" if x else "circle")', {"gap", "circle"}),
        ('notes.note((), "gap", "x")', {"gap"}),
        ("def refuse(code, help): Problem('here', code)\nrefuse('gap', 'x')", {"gap"}),
        ("def refuse(*, code): Problem('here', code)\nrefuse(code='gap')", {"gap"}),
        ('Problem("here", other.code)', set()),
        ('Problem("here", detail["type"])', set()),
        ('print("here", "gap")', set()),
    ],
)
def test_a_code_is_found_where_it_is_told(line: str, codes: set[str], tmp_path: Path) -> None:
    (tmp_path / "source.py").write_text(TAKERS + line)
    assert codes_in(tmp_path) == codes


@pytest.mark.parametrize(
    "line",
    [
        'Problem("here", f"missing-{what}")',
        'Problem("here", "missing-" + what)',
        'code = "gap"\nProblem("here", code)',
        'Problem("here", CODES[what])',
    ],
)
def test_a_code_that_is_put_together_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "source.py").write_text(TAKERS + line)
    with pytest.raises(ValueError, match=r"source\.py"):
        codes_in(tmp_path)
