"""Every rule of code review finds its bad examples, where they say, and leaves the good ones."""

import ast
import json
import subprocess

import pytest
from _pytest.mark import ParameterSet
from ruff import find_ruff_bin

from learning.code_review.examined import Examined, Observation
from learning.code_review.findings import WEIGHTS, findings_in
from learning.code_review.looking import Looked, look_at
from learning.code_review.rulebook import HERE, ReviewRule, filled
from learning.code_review.rules import MATCHERS
from learning.code_review.source import Kind, Place
from store.catalogue import read_review_rules

RULES = read_review_rules()
OWN = {id: rule for id, rule in RULES.items() if rule.ruff is None}


def examples(*, bad: bool) -> list[ParameterSet]:
    return [
        pytest.param(rule, code, id=f"{id} {number}")
        for id, rule in OWN.items()
        for number, code in enumerate(rule.bad if bad else rule.good, 1)
    ]


def looked_at(code: str) -> Looked:
    looked = look_at(ast.parse(code), code)
    assert looked.failed == {}
    return looked


@pytest.mark.parametrize(("rule", "code"), examples(bad=True))
def test_a_bad_example_is_found_where_it_says(rule: ReviewRule, code: str) -> None:
    marked = [n for n, line in enumerate(code.splitlines(), 1) if line.rstrip().endswith(HERE)]

    found = {one.line for one in looked_at(code).seen if one.rule == rule.id}

    assert marked
    assert found == set(marked)


@pytest.mark.parametrize(("rule", "code"), examples(bad=True))
def test_a_bad_example_is_bad_in_one_way_only(rule: ReviewRule, code: str) -> None:
    others = {one.rule for one in looked_at(code).seen if RULES[one.rule].weight != "informative"}

    assert others <= {rule.id}


@pytest.mark.parametrize(("rule", "code"), examples(bad=False))
def test_a_good_example_is_left_alone(rule: ReviewRule, code: str) -> None:
    looked = looked_at(code)

    assert [one for one in looked.seen if one.rule == rule.id] == []
    assert [one for one in looked.seen if RULES[one.rule].weight != "informative"] == []


@pytest.mark.parametrize(("rule", "code"), examples(bad=True))
def test_every_gap_of_a_rule_is_filled(rule: ReviewRule, code: str) -> None:
    seen = next(one for one in looked_at(code).seen if one.rule == rule.id)

    for words in (rule.happens, rule.why, rule.fix):
        for text in (words.zh, words.en):
            for gap in rule.gaps:
                assert "{" + gap + "}" not in filled(text, seen.names)


def test_both_languages_have_the_same_gaps() -> None:
    for rule in RULES.values():
        english = rule.changed(
            happens=rule.happens.changed(zh=rule.happens.en),
            why=rule.why.changed(zh=rule.why.en),
            fix=rule.fix.changed(zh=rule.fix.en),
        )
        assert rule.gaps == english.gaps, rule.id


def test_there_are_as_many_rules_as_promised_and_none_without_a_matcher() -> None:
    assert set(OWN) == set(MATCHERS)
    assert len(OWN) >= 45
    assert {rule.weight for rule in RULES.values()} == set(WEIGHTS)


RUFF = {id: rule for id, rule in RULES.items() if rule.ruff is not None}


def ruff_sees(codes: str, text: str) -> set[str]:
    """The codes that ruff finds in a file."""
    command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--output-format=json"]
    done = subprocess.run(
        [*command, f"--select={codes}", "--stdin-filename=x.py", "-"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    return {one["code"] for one in json.loads(done.stdout)}


@pytest.mark.parametrize("id", RUFF)
def test_ruff_finds_the_bad_examples_of_its_rules_and_leaves_the_good_ones(id: str) -> None:
    rule = RUFF[id]
    code = rule.ruff or ""

    assert all(ruff_sees(code, one) == {code} for one in rule.bad)
    assert all(ruff_sees(code, one) == set() for one in rule.good)


def test_ruff_is_silent_about_a_line_of_which_a_rule_of_our_own_says_the_same() -> None:
    seen = (
        Observation(rule="ruff:S602", place=Place(3)),
        Observation(rule="tool-runs-anything", place=Place(3)),
        Observation(rule="ruff:S602", place=Place(9)),
    )
    alone = Examined(kind=Kind.SCRIPT, seen=seen[:1])
    both = Examined(kind=Kind.SCRIPT, seen=seen)

    assert [one.rule for one in findings_in([alone], RULES)] == ["shell-true"]
    found = {one.rule: one.places for one in findings_in([both], RULES)}
    assert found == {"tool-runs-anything": (Place(3),), "shell-true": (Place(9),)}
    assert all(other in RULES for rule in RULES.values() for other in rule.unless)
