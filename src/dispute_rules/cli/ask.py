"""`dispute-rules ask`: an interview in the terminal, or with answers from a pipe."""

from __future__ import annotations

import argparse
import io
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from dispute_rules.advice import Question
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.cli.authors import as_options
from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.shown import show_advice
from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.interview import Interview
from dispute_rules.phrases import Phrases

_ASK = """\
examples:
  dispute-rules ask                              everything is asked for, the ground first
  dispute-rules ask --ground damaged --pack my-pack
  dispute-rules ask case.json                    asks for what the case leaves open
"""
_DONT_KNOW, _BACK, _STOP = "?", "<", ("", ".")
_NONE = "0"  # of the evidence
_HINTS = ("date", "amount", "count", "number", "evidence")  # the kinds that are no list of answers to choose one from


def add_ask(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`ask`."""
    given = GivenCase(parser, arguments)
    parser.epilog = _ASK
    parser.set_defaults(run=lambda options: _ask(options, given))


def _ask(options: argparse.Namespace, given: GivenCase) -> int:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is no text is no answer
    advisor = given.advisor
    interview = advisor.interview(given.facts(options))
    if interview.question:
        print(given.pack.phrases.say("ask.how", dont_know=_DONT_KNOW, back=_BACK, stop=_STOP[-1]))
    for text in _answers(interview, given.pack.phrases):
        try:
            _take(interview, text)
        except CaseError as error:
            print(*(_told(problem) for problem in error.problems), sep="\n")
    case = _case(advisor, interview)
    print()
    show_advice(advisor.advise(case), case, advisor)
    again = {**interview.facts, "today": str(case.today or date.today())}
    language = f"--language={shlex.quote(options.language)} " if options.language else ""
    command = f"dispute-rules advise {language}{as_options(again, options.pack)}"
    print(f"\n{given.pack.phrases.say('ask.again', command=command)}")
    return 0


def _case(advisor: Advisor, interview: Interview) -> Case:
    try:
        return advisor.case(interview.facts)
    except CaseError as error:
        help = "without it there is no advice: begin again, or give it as an option"
        raise CaseError(replace(problem, help=help) for problem in error.problems) from None


def _answers(interview: Interview, phrases: Phrases) -> Iterator[str]:
    """What is typed, a line for each question, until there is no more of either."""
    asked: Question | None = None
    while question := interview.question:
        if question != asked:
            print(f"\n{_laid_out(question, phrases)}")
        asked = question
        text = _line()
        if text is None or text in _STOP:
            return
        yield text


def _laid_out(question: Question, phrases: Phrases) -> str:
    why = [f"  {phrases.say('ask.decides', question=because)}" for because in question.because[:1]]
    width = len(str(len(question.options)))
    options = [f"  {number:>{width}}  {option.text}" for number, option in enumerate(question.options, start=1)]
    hint = [f"  {phrases.say(f'ask.{question.kind}', none=_NONE)}"] if question.kind in _HINTS else []
    return "\n".join([question.text, *why, *options, *hint])


def _line() -> str | None:
    """One line of the input; None at its end. What comes from a pipe is shown like what is typed."""
    if sys.stdin is None:
        return None
    if sys.stdin.isatty():
        try:
            return input("> ").strip()
        except EOFError:
            return None
    line = sys.stdin.readline()
    print(f"> {line.strip()}")
    return line.strip() if line else None


def _take(interview: Interview, text: str) -> None:
    question = interview.question
    if text == _DONT_KNOW or question is None:
        _dont_know(interview)
    elif text == _BACK:
        interview.back()
    elif question.kind == "evidence":
        named = [] if text == _NONE else [_option(question, word.strip()) for word in text.split(",")]
        interview.answer(named)
    else:
        interview.answer(_option(question, text) if question.options else text)


def _dont_know(interview: Interview) -> None:
    interview.dont_know()
    if interview.question is None and interview.advice is None:
        interview.back()
        raise CaseError(
            [Problem("answer", "missing-fact", "without this there is no advice", "take what comes closest")]
        )


def _option(question: Question, text: str) -> str:
    """The value of an option that is meant by its number, its words or the value itself."""
    if text.isdecimal():
        values = {str(number): option.value for number, option in enumerate(question.options, start=1)}
        if text not in values:
            help = f"a number from 1 to {len(values)}"
            raise CaseError([Problem(question.fact, "unknown-label", f"there is no answer {quote(text)}", help)])
        return values[text]
    meant = [option.value for option in question.options if text.casefold() in (option.text.casefold(), option.value)]
    return meant[0] if meant else text


def _told(problem: Problem) -> str:
    return f"  {problem.message}\n  help: {problem.help}" if problem.help else f"  {problem.message}"
