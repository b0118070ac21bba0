"""The error codes that the source can tell, found where they are written.

Whatever has a parameter or a field `code` makes or passes on a code. Each call of it says which: as a literal, as
a choice of two literals, or by passing on a `code` that was said elsewhere. Anything else is an error here: a code
that is put together cannot be found by those who look for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

NO_ERRORS = {"Notice"}
"""Has a `code` that a pack makes up: a warning's."""

Takers = Mapping[str, int]
"""What takes a code, and as which of its arguments."""


class Call(NamedTuple):
    """A call of something that takes a code, within functions with these parameters."""

    node: ast.Call
    parameters: frozenset[str]


def codes_in(source: Path) -> set[str]:
    """Every code in the Python files below a folder.

    Raises:
        ValueError: a code is neither written out nor passed on.
    """
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(source.rglob("*.py"))}
    public = {name: at for tree in trees.values() for name, at in _takers(tree) if not name.startswith("_")}
    codes: set[str] = set()
    for path, tree in trees.items():
        takers = {**public, **dict(_takers(tree))}
        for call in _calls(tree, frozenset()):
            if (code := _code_of(call.node, takers)) is not None:
                codes |= _said(code, call.parameters, path)
    return codes


def _takers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        names = _fields(node) if isinstance(node, ast.ClassDef) else _parameters(node)
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and "code" in names and node.name not in NO_ERRORS:
            yield node.name, names.index("code")


def _fields(node: ast.ClassDef) -> list[str]:
    annotated = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
    return [target.id for target in annotated if isinstance(target, ast.Name)]


def _parameters(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.FunctionDef):
        return []
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in arguments if argument.arg not in ("self", "cls")]


def _calls(node: ast.AST, parameters: frozenset[str]) -> Iterator[Call]:
    parameters |= frozenset(_parameters(node))
    if isinstance(node, ast.Call):
        yield Call(node, parameters)
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, parameters)


def _code_of(call: ast.Call, takers: Takers) -> ast.expr | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in takers:
        return None
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    return named or call.args[takers[name]]


def _said(code: ast.expr, parameters: frozenset[str], path: Path) -> set[str]:
    match code:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return _said(one, parameters, path) | _said(other, parameters, path)
        case ast.Name(id="code") if "code" in parameters:
            return set()
        case ast.Attribute(attr="code"):  # of another problem
            return set()
        case ast.Subscript(slice=ast.Constant(value="type")):  # pydantic's errors carry the codes of our own checks
            return set()
    raise ValueError(f"{path}:{code.lineno}: not a code as it is to be written: {ast.unparse(code)}")
