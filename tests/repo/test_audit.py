"""What is named of mutants is true, and green mutants are right.

Sixteen mutants of each version are audited by .ci/run, and some of these by make test, others
every day: so a day cannot bring bad luck. To audit all mutants takes hours:

    python -m pytest -n auto tests/repo/test_audit.py --all
"""

import random
from datetime import date

import pytest

from tests.repo.audit import Finding, Subject, examine, listed, subjects
from tests.repo.mutants import Mutant
from tests.runner.diagnosis.idioms import is_in, tokens
from tests.runner.diagnosis.workshop import workshop
from tests.runner.lessons.catalog import all_katas

KATAS = [kata for kata in all_katas("kata") if kata.mistakes.is_dir()]
TODAY = date.today().isoformat()
N_VERSIONS, N_MUTANTS = 3, 4  # how many versions of a lesson are mutated today, and how often
FEW = 16


def name_of(value):
    return getattr(value, "name", "") or f"{value.function}-{value.version}"


def complaints(findings: list[Finding]) -> str:
    """What is wrong and not listed."""
    return "\n\n".join(found.complaint for found in findings
                       if found.complaint and found.listing not in listed())


def few_mutants(subject: Subject) -> list[Mutant]:
    """A few mutants of a version, of all kinds."""
    made = list(subject.mutants)
    return [made[at] for at in sorted({at * len(made) // FEW for at in range(FEW)})]


@pytest.mark.parametrize("kata", KATAS, ids=name_of)
def test_some_mutants_are_told_the_truth(kata):
    print(f"The mutants are those of {TODAY}.")
    chance = random.Random(f"{TODAY} {kata.name}")
    findings = [examine(subject, mutant)
                for subject in chance.sample(list(subjects(kata)), N_VERSIONS)
                for mutant in chance.sample(few_mutants(subject), N_MUTANTS)]
    assert not complaints(findings)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kata", KATAS, ids=name_of)
def test_mutants_of_each_version_are_told_the_truth(kata):
    findings = [examine(subject, mutant)
                for subject in subjects(kata) for mutant in few_mutants(subject)]
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


@pytest.mark.parametrize(("function", "version", "edit"), listed())
def test_what_is_listed_is_still_needed(function, version, edit):
    kata = next(kata for kata in KATAS if function in kata.functions)
    subject = next(each for each in subjects(kata)
                   if (each.function, each.version) == (function, version))
    assert any(examine(subject, mutant).complaint for mutant in subject.mutants
               if mutant.edit == edit), "this is mended: take it off the list"


@pytest.mark.parametrize("kata", KATAS, ids=name_of)
def test_a_mistake_has_what_it_is_said_to_have(kata):
    declared = [made for made in workshop(kata).mistakes if made.speaks_of]
    assert not [made.name for made in declared
                if not any(is_in(tokens(idiom), tokens(made.text)) for idiom in made.speaks_of)]
