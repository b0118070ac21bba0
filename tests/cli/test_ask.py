"""`ask`: an interview with answers from a pipe or a terminal."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dispute_rules.cli.main import main
from tests.conftest import MakePack

pytestmark = pytest.mark.usefixtures("pack_loaded_once")

TODAY = "--today=2026-03-01"
AGAIN = "The same again: dispute-rules "
Streams = pytest.CaptureFixture[str]
Ask = Callable[..., str]
"""`ask(lines, *options)`: what is printed, with these lines as the input."""


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> Ask:

    def run(lines: str | bytes, *options: str) -> str:
        text = lines if isinstance(lines, bytes) else lines.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))
        assert main(["ask", TODAY, *options]) == 0
        told = capsys.readouterr()
        assert told.err == ""
        return told.out

    return run


def asked_in(text: str) -> list[str]:
    """The questions, each as often as it is put."""
    return [block.splitlines()[0] for block in text.split("\n\n") if "\n> " in block]


def last_command(text: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if line.startswith(AGAIN))
    return shlex.split(line.removeprefix(AGAIN))


def test_questions_follow_one_another_until_the_advice_is_settled(ask: Ask) -> None:
    told = ask("4\n2\n3\n1\n1\n")
    assert asked_in(told) == [
        "What went wrong with the order?",
        "How far is the dispute?",
        "Can the goods be used?",
        "Who caused the problem?",
        "How many pieces did you order?",
    ]
    assert "Claim: Refund only. All of the money." in told
    assert "can still change this" not in told


def test_an_answer_may_be_a_number_a_word_or_what_it_means(ask: Ask) -> None:
    ways = ["4\n2\n3\n", "damaged\nopen\nunusable\n", "It arrived damaged\nOPEN\nnot at ALL\n"]
    assert len({last_command(ask(lines))[-1] for lines in ways}) == 1


def test_a_question_shows_its_answers_or_how_they_are_written(ask: Ask) -> None:
    told = ask("4\n1\n")
    why = "  It decides: Can a dispute be opened today?\n"
    assert f"How far is the dispute?\n{why}  1  Not opened yet\n  2  Open" in told
    assert f"On which day does the buyer protection of the order end?\n{why}  a day, such as 2026-03-31\n> " in told


def test_what_is_not_known_is_left_out_and_the_next_is_asked(ask: Ask) -> None:
    told = ask("4\n?\n?\n")
    assert len(set(asked_in(told))) == len(asked_in(told)) == 4
    assert last_command(told) == ["advise", "--ground=damaged", TODAY]


def test_back_puts_the_last_question_again(ask: Ask) -> None:
    told = ask("4\n1\n<\n<\n7\n")
    first, second = asked_in(told)[:2]
    assert asked_in(told)[2:5] == [asked_in(told)[2], second, first]
    assert "--ground=fake" in last_command(told)
    assert "--stage" not in " ".join(last_command(told))


def test_back_at_the_beginning_is_told(ask: Ask) -> None:
    assert "  nothing was asked before this\n" in ask("<\n4\n")


@pytest.mark.parametrize("end", ["", "\n", ".\n"])
def test_the_best_advice_so_far_comes_at_any_time(ask: Ask, end: str) -> None:
    told = ask(f"4\n2\n{end}")
    assert "What to expect" in told
    assert last_command(told) == ["advise", "--ground=damaged", TODAY, "--stage=open"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("12", "there is no answer `12`\n  help: a number from 1 to 11"),
        ("0", "there is no answer `0`\n  help: a number from 1 to 11"),
        ("damagd", "there is no answer `damagd`\n  help: did you mean 4, It arrived damaged?"),
        ("it arived damaged", "there is no answer `it arived damaged`\n  help: did you mean 4, It arrived damaged?"),
        ("it", "there is no answer `it`\n  help: a number from 1 to 11, or the words beside it"),
        ("\x1b[31m", "there is no answer `\\x1b[31m`"),
        ("x" * 5000, "there is no answer `x"),
    ],
    ids=["too large", "zero", "misspelled", "words", "several", "signs", "long"],
)
def test_a_bad_answer_is_told_and_the_question_stays(ask: Ask, answer: str, told: str) -> None:
    printed = ask(f"{answer}\n4\n")
    assert told in printed
    assert last_command(printed)[1] == "--ground=damaged"


def test_days_and_numbers_that_cannot_be_are_told(ask: Ask) -> None:
    known = ["--ground=damaged", "--stage=not_opened", "--usability=unusable", "--fault=seller", "--confirmed=true"]
    told = ask("tomorrow\n2026-04-01\n2027-01-01\n2026-02-20\nmany\n0\n1\n", *known)
    for problem in ("`tomorrow` is not a day", "is after today", "`many` cannot be read", "`0` is not possible"):
        assert problem in told
    assert {"--confirmed-on=2026-02-20", "--quantity-ordered=1"} <= set(last_command(told))


def test_what_is_wrong_is_told_in_the_words_of_the_questions(ask: Ask) -> None:
    known = ["--ground=damaged", "--stage=open", "--usability=unusable", "--fault=seller", "--quantity-affected=3"]
    told = ask("2\nx\n", *known)
    few, many = "How many of the pieces are affected?", "How many pieces did you order?"
    assert f"> 2\n  “{few}” 3 is above “{many}”, 2\n  help: no more pieces can be affected than" in told
    assert f"> x\n  `x` cannot be read as “{many}”" in told


@pytest.mark.parametrize(
    ("day", "words"), [("2026-03-01", "today"), ("2026-02-20", "9 days ago"), ("2199-01-01", "in 63128 days")]
)
def test_how_far_away_a_day_is_shows_a_slip(day: str, words: str, ask: Ask) -> None:
    known = ["--ground=damaged", "--stage=not_opened", "--usability=unusable", "--fault=seller", "--confirmed=no"]
    told = ask(f"{day}\n", *known)
    assert asked_in(told)[0] == "On which day does the buyer protection of the order end?"
    assert f"> {day}\n  That is: {words}\n" in told


@pytest.mark.parametrize(
    ("begun", "label"), [("un", "unusable"), ("n", "unusable"), ("In P", "impaired"), ("y", "usable")]
)
def test_the_beginning_of_an_answer_is_enough(begun: str, label: str, ask: Ask) -> None:
    told = ask(f"{begun}\n", "--ground=damaged", "--stage=open")
    if begun == "un":  # a value is no word that anybody has seen: it is meant only as a whole
        assert "there is no answer `un`" in told
    else:
        assert f"--usability={label}" in last_command(told)


def test_bytes_that_are_no_text_are_a_bad_answer(ask: Ask) -> None:
    assert "there is no answer" in ask(b"\xff\xfe\n4\n")


def test_the_command_at_the_end_gives_the_same_advice(ask: Ask, capsys: Streams) -> None:
    told = ask("7\n2\n2\n1\n")
    assert main(last_command(told)) == 0
    assert capsys.readouterr().out.strip() in told


@pytest.mark.parametrize("evidence", ["none", "photos_of_goods"])
def test_the_command_at_the_end_keeps_the_evidence(evidence: str, ask: Ask, capsys: Streams) -> None:
    told = ask("\n", "--ground=damaged", "--evidence", evidence)
    assert f"--evidence={evidence}" in last_command(told)
    assert main(last_command(told)) == 0
    assert capsys.readouterr().out.strip() in told


GO_ON = "To go on with the questions: dispute-rules "


def test_an_interview_that_was_stopped_goes_on_where_it_was(ask: Ask) -> None:
    stopped = ask("4\n2\n?\n?\n.\n")
    (line,) = (line for line in stopped.splitlines() if line.startswith(GO_ON))
    command = shlex.split(line.removeprefix(GO_ON))
    assert command == ["ask", "--ground=damaged", TODAY, "--stage=open", "--dont-know=usability,fault"]
    first, *_ = asked_in(ask("", *(option for option in command[1:] if option != TODAY)))
    assert first == asked_in(stopped)[-1] == "How many pieces did you order?"
    assert GO_ON not in ask("4\n2\n3\n1\n1\n")
    assert GO_ON not in ask("4\n2\n?\n?\n?\n")


def test_an_unknown_fact_that_is_not_known_is_told(capsys: Streams) -> None:
    assert main(["ask", "--ground=damaged", "--dont-know=usability,recieved"]) == 2
    assert "there is no fact `recieved` [unknown-fact]\n  help: did you mean `received`?" in capsys.readouterr().err


def test_a_case_that_is_settled_is_advised_on_at_once(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"ground": "damaged", "stage": "open", "fault": "buyer"}))
    told = ask("", str(file))
    assert asked_in(told) == []
    assert "What to expect" in told


def test_without_a_ground_there_is_no_advice(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["ask"]) == 2
    told = capsys.readouterr().err
    assert "the fact `ground` is missing [missing-fact]\n  help: without it there is no advice" in told


def test_the_ground_is_asked_for_until_it_is_told(ask: Ask) -> None:
    told = ask("?\n4\n.\n")
    assert "  without this there is no advice\n  help: take what comes closest\n> 4" in told
    assert last_command(told) == ["advise", "--ground=damaged", TODAY]


def test_advice_without_a_ground_leads_to_the_interview(capsys: Streams) -> None:
    assert main(["advise", "--received=yes"]) == 2
    assert "let `dispute-rules ask` or `advisor.questions()` ask for it" in capsys.readouterr().err


def test_a_case_that_cannot_be_is_refused_before_anything_is_asked(capsys: Streams) -> None:
    assert main(["ask", "--ground=damaged", "--received=no", "--colour=red"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert {"[contradiction]", "[unknown-fact]"} <= {word for word in told.err.split() if word.startswith("[")}


def test_a_pack_of_ones_own_is_asked_about(ask: Ask, make_pack: MakePack) -> None:
    folder = str(make_pack())
    told = ask("damaged\n2\n", "--pack", folder)
    assert "What is wrong?" in asked_in(told)
    assert last_command(told)[:3] == ["advise", "--pack", folder]


def in_a_terminal(keys: list[bytes]) -> tuple[str, int]:
    """What the command prints in a terminal, and its status. The next keys are pressed when it waits."""
    child, terminal = pty.fork()
    if not child:
        os.environ |= {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
        os.execv(sys.executable, [sys.executable, "-m", "dispute_rules", "ask", TODAY])
    told, left, pressed = b"", list(keys), b""
    try:
        while chunk := _printed(terminal, pressed):
            told += chunk
            if told.endswith(b"> ") and left:
                os.write(terminal, pressed := left.pop(0))
    except OSError:  # so a terminal ends on Linux
        pass
    finally:
        os.close(terminal)
    return told.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _printed(terminal: int, pressed: bytes) -> bytes:
    """What is printed next. An interrupt just before the program reads is lost; then it is pressed once more."""
    while not select.select([terminal], [], [], 5)[0]:
        os.write(terminal, pressed if pressed == b"\x03" else b"")
    return os.read(terminal, 65_536)


def test_it_works_in_a_terminal() -> None:
    told, status = in_a_terminal([b"damagd\n", b"4\n", b"?\n", b"<\n", b"2\n", b"\n"])
    assert status == 0
    assert "there is no answer `damagd`" in told
    assert "What to expect" in told
    assert last_command(told) == ["advise", "--ground=damaged", TODAY, "--stage=open"]


def test_the_end_of_the_input_in_a_terminal_is_a_stop() -> None:
    told, status = in_a_terminal([b"4\n", b"\x04"])
    assert status == 0
    assert "What to expect" in told


def test_it_can_be_interrupted() -> None:
    told, status = in_a_terminal([b"4\n", b"\x03"])
    assert status == 130
    assert "Traceback" not in told
    assert "What to expect" not in told
