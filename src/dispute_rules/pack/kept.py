"""What reading a shipped pack comes to, kept so that the next process need not read and link its files again.

It is pickled as Python marshals bytecode: it lies with the library's bytecode, goes by the rules that Python has for
that, and is as much to be trusted. Whoever can write there can have any code run by the next import, and gains nothing
by a pickle. It is for shipped packs only: beside a pack from elsewhere, it could come from elsewhere, too, and say
something else than the files.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

import pydantic

from dispute_rules.facts import case_type
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.written import Pack, Written, content_hash

_LIBRARY = Path(__file__).parents[1]
_PROTOCOL = 5
_SEAL = 32  # bytes at the beginning: a digest of all that it goes by, and of what follows


def kept_pack(root: Path, shown: str, contents: Mapping[str, bytes]) -> Pack | None:
    """The pack in a folder, if its files and the library are as they were when it was kept; else None."""
    try:
        kept = _place(root).read_bytes()
    except (OSError, NotImplementedError):  # nothing is kept, or nothing ever is
        return None
    digest = content_hash(contents)
    seal, rest = kept[:_SEAL], kept[_SEAL:]
    if seal != _seal(root, digest, rest):
        return None
    name, starts, own, edition, written = pickle.loads(rest)  # noqa: S301 - as much to be trusted as bytecode, see above

    @cache
    def read() -> Written:
        said: Written = pickle.loads(written)  # noqa: S301
        return said

    editions = {edition.since: edition}
    return Pack(name, read, starts, own, case_type(own), digest, shown, root, contents, editions=editions)


def keep(pack: Pack) -> None:
    """Keep a shipped pack with its newest edition, if that is possible; what its files say is for those who ask."""
    if sys.dont_write_bytecode:
        return
    newest, written = edition_on(pack, pack.starts[-1]), pickle.dumps(pack.written(), _PROTOCOL)
    rest = pickle.dumps((pack.name, pack.starts, pack.own_facts, newest, written), _PROTOCOL)
    with suppress(OSError, NotImplementedError):
        place = _place(pack.folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.{os.getpid()}.{id(rest)}")
        try:
            part.write_bytes(_seal(pack.folder, pack.content_hash, rest) + rest)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)


def _place(root: Path) -> Path:
    """Beside the bytecode of this Python, wherever that is."""
    return Path(cache_from_source(str(_LIBRARY / f"{root.name}.py"))).with_suffix(".pickle")


def _seal(root: Path, digest: str, rest: bytes) -> bytes:
    """While it is the same, reading comes to the same: the files, what lies beside them, the library's own modules."""
    beside = sorted(os.listdir(root))  # noqa: PTH208
    return hashlib.sha256("\0".join([digest, pydantic.VERSION, *beside, *_modules()]).encode() + rest).digest()


def _modules() -> Iterator[str]:
    for folder in (_LIBRARY, _LIBRARY / "pack"):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                yield f"{entry.name} {entry.stat().st_mtime_ns} {entry.stat().st_size}"
