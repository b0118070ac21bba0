"""A pack by its name or by its folder."""

from __future__ import annotations

from pathlib import Path

from dispute_rules.errors import PackError, Problem, printable, quote
from dispute_rules.pack.folder import files_of
from dispute_rules.pack.kept import keep, kept_pack
from dispute_rules.pack.written import Pack


def load_pack(pack: str | Path, *, language: str | None = None) -> Pack:
    """Load a shipped pack by its name, or a pack of your own by its folder.

    With a `language`, as a tag of BCP 47, its texts are those of `texts.<language>.yaml`, as far as they are there.

    Raises:
        PackError: with every problem of the pack's files, or there is no such translation.
    """
    found = _find(pack)
    if language is None or language == found.file.language:
        return found
    from dispute_rules.pack.translation import translated  # the YAML parser comes with it

    return translated(found, language)


def _find(pack: str | Path) -> Pack:
    if isinstance(pack, str) and pack in shipped_packs():
        return _load_shipped(_shipped() / pack, f"rules/{pack}")
    try:
        root = Path(pack)
        exists, is_folder = root.exists(), root.is_dir() and str(pack) != ""
    except (OSError, ValueError, TypeError):  # a name too long for the system, with a NUL in it, or none at all
        exists = is_folder = False
        root = Path()
    if is_folder:
        return _load(root, str(pack).rstrip("/") or "/")
    message = f"the pack {quote(pack)} is a file, not a folder" if exists else f"there is no pack {quote(pack)}"
    help = f"a shipped pack ({', '.join(shipped_packs())}) by its name, or the folder of your own"
    raise PackError([Problem(printable(str(pack)), "unknown-pack", message, help)])


def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that come with the library."""
    return tuple(sorted(entry.name for entry in _shipped().iterdir() if (entry / "pack.yaml").is_file()))


def _shipped() -> Path:
    """`rules/` within the installed package, or beside `src/` in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "rules"
    return inside if inside.is_dir() else package.parents[1] / "rules"


def _load_shipped(root: Path, shown: str) -> Pack:
    """A shipped pack; it is read only if what stands in it is not kept from the last time."""
    problems: list[Problem] = []
    contents = {path: text for path, text in files_of(root, shown, problems).items() if text is not None}
    pack = None if problems else kept_pack(root, shown, contents)
    if pack is None:
        pack = _load(root, shown)
        keep(pack)
    return pack


def _load(root: Path, shown: str) -> Pack:
    from dispute_rules.pack.read import read_pack  # the YAML parser and all checks come with it

    return read_pack(root, shown)
