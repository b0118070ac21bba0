"""`dispute-rules ask`: an interview in the terminal, or with answers from a pipe."""

from __future__ import annotations

import argparse
import io
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from dispute_rules.advice import Question
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.cli.authors import as_options
from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.shown import show_advice
from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.facts import YES_NO
from dispute_rules.interview import Interview
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.wording import Wording
from dispute_rules.phrases import Phrases

_ASK = """\
An answer is a number, the words beside it or their beginning. `?` don't know, `<` back, an empty line or `.` stop.

examples:
  dispute-rules ask                              everything is asked for, the ground first
  dispute-rules ask --ground damaged --pack my-pack
  dispute-rules ask case.json                    asks for what the case leaves open
"""
_DONT_KNOW, _BACK, _STOP = "?", "<", ("", ".")
_NONE = "0"  # of the evidence
_LONGEST = 60  # of an answer that is compared with those that there are
_HINTS = ("date", "amount", "count", "number", "evidence")  # the kinds that are no list of answers to choose one from


def add_ask(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`ask`."""
    given = GivenCase(parser, arguments)
    parser.epilog = _ASK
    help = "facts that are not to be asked for, with commas between them, as you do not know them"
    parser.add_argument("--dont-know", metavar="FACTS", default="", help=help)
    parser.set_defaults(run=lambda options: _ask(options, given))


def _ask(options: argparse.Namespace, given: GivenCase) -> int:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is no text is no answer
    advisor = given.advisor
    not_known = [name.strip().replace("-", "_") for name in options.dont_know.split(",") if name.strip()]
    interview = advisor.interview(given.facts(options), not_known)
    if interview.question:
        print(given.pack.phrases.say("ask.how", dont_know=_DONT_KNOW, back=_BACK, stop=_STOP[-1]))
    words = _words(advisor)
    for text in _answers(interview, given.pack.phrases):
        try:
            _take(interview, text, given.pack.phrases)
        except CaseError as error:
            print(*(_told(problem, words) for problem in error.problems), sep="\n")
    case = _case(advisor, interview)
    print()
    show_advice(advisor.advise(case), case, advisor)
    print(f"\n{given.pack.phrases.say('ask.again', command=_command('advise', interview, options))}")
    if interview.question:
        print(given.pack.phrases.say("ask.go_on", command=_command("ask", interview, options)))
    return 0


def _command(name: str, interview: Interview, options: argparse.Namespace) -> str:
    """The command that gives the same advice, or goes on asking."""
    facts = {**interview.facts, "today": interview.facts.get("today", str(date.today()))}
    language = [f"--language={shlex.quote(options.language)}"] if options.language else []
    not_known = ",".join(fact for fact in interview.asked if fact not in facts)
    left_out = [f"--dont-know={not_known}"] if name == "ask" and not_known else []
    return " ".join(["dispute-rules", name, *language, as_options(facts, options.pack), *left_out])


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


def _take(interview: Interview, text: str, phrases: Phrases) -> None:
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
        if question.kind == "date":  # a slip in the year shows
            print(f"  {phrases.say('ask.that_is', when=_how_far(interview, question.fact, phrases))}")


def _how_far(interview: Interview, fact: str, phrases: Phrases) -> str:
    day = date.fromisoformat(interview.facts[fact])
    return phrases.when(day, day, date.fromisoformat(interview.facts.get("today", str(date.today()))))


def _dont_know(interview: Interview) -> None:
    interview.dont_know()
    if interview.question is None and interview.advice is None:
        interview.back()
        raise CaseError(
            [Problem("answer", "missing-fact", "without this there is no advice", "take what comes closest")]
        )


def _option(question: Question, text: str) -> str:
    """The value of an option that is meant by its number, its words or their beginning, or the value itself."""
    names = {
        name: (number, option)
        for number, option in enumerate(question.options, start=1)
        for name in (str(number), option.value, option.text.casefold())
    }
    said = text.casefold()
    if said in names:
        return names[said][1].value
    begun = {option.value for option in question.options if said and option.text.casefold().startswith(said)}
    if len(begun) == 1:
        return begun.pop()
    words = [name for name in names if not name.isdecimal()]
    near = [names[name] for name in get_close_matches(said[:_LONGEST], words, n=1)]
    help = f"a number from 1 to {len(question.options)}, or the words beside it"
    help = f"did you mean {near[0][0]}, {near[0][1].text}?" if near else help
    raise CaseError([Problem(question.fact, "unknown-label", f"there is no answer {quote(text)}", help)])


def _words(advisor: Advisor) -> dict[str, str]:
    """What stands for names of facts in what is told: nobody who is asked has seen them."""
    wording = Wording(edition_on(advisor.pack, advisor.pack.starts[-1]))
    asked = {name: wording.question(name) for name in advisor.Case.model_fields}
    abouts = {name: (field.description or name).rstrip(".") for name, field in advisor.Case.model_fields.items()}
    words = {name: asked[name] if asked[name] != name else abouts[name] for name in asked}
    yes_no = {label: advisor.pack.phrases.say(f"label.{label}") for label in YES_NO}
    return {name: advisor.pack.phrases.say("any.quoted", words=said) for name, said in (words | yes_no).items()}


def _told(problem: Problem, words: Mapping[str, str]) -> str:
    said = f"  {problem.message}\n  help: {problem.help}" if problem.help else f"  {problem.message}"
    return re.sub(r"`(\w+)`", lambda name: words.get(name[1], name[0]), said)
