"""What is named of mutants is true, and green mutants are right.

Each lesson has some of its mutants audited, others every day. All of them take hours:

    python -m pytest -n auto tests/repo/test_audit.py --all
"""

import random
from datetime import date

import pytest

from tests.repo.audit import Finding, examine, listed, subjects
from tests.runner.diagnosis.idioms import is_in, tokens
from tests.runner.diagnosis.workshop import workshop
from tests.runner.lessons.catalog import all_katas

KATAS = [kata for kata in all_katas("kata") if kata.mistakes.is_dir()]
TODAY = date.today().isoformat()
N_SUBJECTS, N_MUTANTS = 4, 4  # how many versions of a lesson are mutated, and how often


def name_of(value):
    return getattr(value, "name", "") or f"{value.function}-{value.version}"


def complaints(findings: list[Finding]) -> str:
    """What is wrong and not listed."""
    return "\n\n".join(found.complaint for found in findings
                       if found.complaint and found.listing not in listed())


@pytest.mark.parametrize("kata", KATAS, ids=name_of)
def test_some_mutants_are_told_the_truth(kata):
    print(f"The mutants are those of {TODAY}.")
    chance = random.Random(f"{TODAY} {kata.name}")
    versions = list(subjects(kata))
    findings = []
    for subject in chance.sample(versions, min(N_SUBJECTS, len(versions))):
        made = list(subject.mutants)
        findings += [examine(subject, mutant)
                     for mutant in chance.sample(made, min(N_MUTANTS, len(made)))]
    assert not complaints(findings)


def pytest_generate_tests(metafunc):
    if "subject" in metafunc.fixturenames:
        every = metafunc.config.getoption("--all")
        wanted = [each for kata in KATAS for each in subjects(kata)] if every else []
        metafunc.parametrize("subject", wanted, ids=name_of)


@pytest.mark.all
@pytest.mark.timeout(3600)
def test_every_mutant_is_told_the_truth(subject):
    findings = [examine(subject, mutant) for mutant in subject.mutants]
    assert not complaints(findings)
    mended = {of for of in listed() if of[:2] == (subject.function, subject.version)}
    mended -= {found.listing for found in findings if found.complaint}
    assert not mended, "these are mended: take them off the list"


@pytest.mark.parametrize("kata", KATAS, ids=name_of)
def test_a_mistake_has_what_it_is_said_to_have(kata):
    declared = [made for made in workshop(kata).mistakes if made.speaks_of]
    assert not [made.name for made in declared
                if not any(is_in(tokens(idiom), tokens(made.text)) for idiom in made.speaks_of)]
