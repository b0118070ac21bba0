"""The peers: each is given the tables of a pack once, and then the labels of one case after another.

Each does its best: what can be prepared is prepared, and no more comes out than the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from benchmarks.peers.translated import Answers, Labels, Row, Table
from dispute_rules.engine import make_engine

Raw = Callable[[Mapping[str, str]], Any]
Reader = Callable[[Any], Answers]
"""What comes out of a peer, as answers that can be compared; not timed."""


def zen(tables: tuple[Table, ...], _: Labels) -> tuple[Raw, Reader]:
    """zen-engine, with its static loader and `engine.evaluate`."""
    import zen as peer

    engine = peer.ZenEngine({"loader": {"type": "static", "content": {"pack": jdm(tables)}}})

    def read(found: Any) -> Answers:
        result = found["result"]
        collected = {table.name: _items(result.get(table.name) or []) for table in tables if table.collects}
        return {name: result[name] for table in tables if not table.collects for name in table.outputs} | collected

    return lambda labels: engine.evaluate("pack", labels), read


def jdm(tables: tuple[Table, ...]) -> dict[str, Any]:
    """The tables in zen's JSON Decision Model: one decision table after another."""
    nodes = [{"id": "in", "type": "inputNode", "name": "in"}, *map(_node, tables)]
    nodes.append({"id": "out", "type": "outputNode", "name": "out"})
    edges = [
        {"id": f"e{i}", "sourceId": one["id"], "targetId": next_["id"], "type": "edge"}
        for i, (one, next_) in enumerate(pairwise(nodes))
    ]
    return {"nodes": nodes, "edges": edges}


def _node(table: Table) -> dict[str, Any]:
    content = {
        "hitPolicy": "collect" if table.collects else "first",
        "passThrough": True,
        "inputField": None,
        "outputPath": table.name if table.collects else None,
        "executionMode": "single",
        "inputs": [{"id": name, "name": name, "field": name} for name in table.reads],
        "outputs": [{"id": f"to_{name}", "name": name, "field": name} for name in table.outputs],
        "rules": [
            {"_id": f"r{i}"}
            | {name: ", ".join(f"'{label}'" for label in sorted(row.box.get(name, ()))) for name in table.reads}
            | {f"to_{name}": f"'{label}'" for name, label in row.then.items()}
            for i, row in enumerate(table.rows)
        ],
    }
    return {"id": table.name, "type": "decisionTableNode", "name": table.name, "content": content}


def if_elif(tables: tuple[Table, ...], _: Labels) -> tuple[Raw, Reader]:
    """Python code as one would write it by hand: a function for each decision, an `if` for each row."""
    scope: dict[str, Any] = {}
    exec("\n".join(line for table in tables for line in _function(table)), scope)  # of packs that this project makes
    functions = [(table, scope[f"decide_{table.name}"]) for table in tables]

    def decide(case: Mapping[str, str]) -> dict[str, Any]:
        seen: dict[str, Any] = dict(case)
        for table, function in functions:
            if table.collects:
                seen[table.name] = function(seen)
            else:
                seen.update(function(seen))
        return seen

    return decide, lambda found: _answers(tables, found)


def _function(table: Table) -> Iterator[str]:
    yield f"def decide_{table.name}(seen):"
    yield "    found = []"
    for row in table.rows:
        yield f"    if {_condition(row)}:"
        yield f"        found.append({dict(row.then)!r})" if table.collects else f"        return {dict(row.then)!r}"
    yield "    return found"


def _condition(row: Row) -> str:
    tests = [
        f"seen['{name}'] == '{min(labels)}'" if len(labels) == 1 else f"seen['{name}'] in {set(labels)!r}"
        for name, labels in row.box.items()
    ]
    return " and ".join(tests) or "True"


def durable(tables: tuple[Table, ...], _: Labels) -> tuple[Raw, Reader]:
    """durable-rules alone: its C functions with one sid, asked anew for each decision of each case."""
    engines = [(table, make_engine("durable", table.rows)) for table in tables]  # type: ignore[arg-type]

    def decide(case: Mapping[str, str]) -> dict[str, Any]:
        seen: dict[str, Any] = dict(case)
        for table, engine in engines:
            matching = sorted(engine.matching(seen))
            if table.collects:
                seen[table.name] = [table.rows[index].then for index in matching]
            else:
                seen |= table.rows[matching[0]].then
        return seen

    return decide, lambda found: _answers(tables, found)


def clips(tables: tuple[Table, ...], labels: Labels) -> tuple[Raw, Reader]:
    """CLIPS by clipspy: a rule for each row, earlier tables and rows with the higher salience."""
    import clips as peer

    environment = peer.Environment()
    made = {name for table in tables if not table.collects for name in table.outputs}
    names = [name for name in labels if any(name in table.reads for table in tables) and name not in made]
    environment.build(f"(deftemplate case {' '.join(f'(slot {name})' for name in names)})")
    salience = 10_000
    for table in tables:
        for i, row in enumerate(table.rows):
            salience -= 1
            environment.build(_defrule(table, i, row, salience, made))
    template = environment.find_template("case")

    def decide(case: Mapping[str, str]) -> dict[str, Any]:
        environment.reset()
        template.assert_fact(**{name: peer.Symbol(case[name]) for name in names})
        environment.run()
        seen: dict[str, Any] = {table.name: [] for table in tables if table.collects}
        for fact in environment.facts():
            kind = fact.template.name
            if kind in made:
                seen[kind] = str(fact[0])
            elif kind in seen:
                seen[kind].append(rows[kind][fact[0]].then)
        return seen

    rows = {table.name: table.rows for table in tables}
    return decide, lambda found: _answers(tables, found)


def _defrule(table: Table, index: int, row: Row, salience: int, made: set[str]) -> str:
    slots = " ".join(f"({name} {'|'.join(sorted(labels))})" for name, labels in row.box.items() if name not in made)
    outputs = " ".join(f"({name} {'|'.join(sorted(labels))})" for name, labels in row.box.items() if name in made)
    if table.collects:
        guard, then = "", f"({table.name} {index})"
    else:
        guard = f"(not ({table.outputs[0]} ?))"
        then = " ".join(f"({name} {label})" for name, label in row.then.items())
    name = f"{table.name}-{index}"
    return f"(defrule {name} (declare (salience {salience})) (case {slots}) {outputs} {guard} => (assert {then}))"


def openfisca(tables: tuple[Table, ...], labels: Labels) -> tuple[Raw, Reader]:
    """OpenFisca: a variable for each output, and a simulation for each case."""
    from benchmarks.peers.fisca import simulated

    decide = simulated(tables, labels)
    return decide, lambda found: _answers(tables, found)


def _answers(tables: tuple[Table, ...], found: Mapping[str, Any]) -> Answers:
    collected = {table.name: _items(found[table.name]) for table in tables if table.collects}
    return {name: found[name] for table in tables if not table.collects for name in table.outputs} | collected


def _items(found: list[Mapping[str, str]]) -> frozenset[tuple[tuple[str, str], ...]]:
    return frozenset(tuple(sorted(item.items())) for item in found)


PEERS = {
    "zen-engine": zen,
    "if/elif": if_elif,
    "durable-rules": durable,
    "CLIPS": clips,
    "OpenFisca": openfisca,
}
