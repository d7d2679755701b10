"""The reader's functions beside the solution's on the real model, before it says anything."""

import sys
from collections.abc import Callable
from contextlib import suppress

import numpy as np
from kata_12_modern_llm import llama

from smollm2.layer_by_layer import Difference, first_difference, nearly_equal
from smollm2.model import Model
from smollm2.screen import Screen
from tests.runner import limits
from tests.runner.diagnosis.workshop import Workshop, rehouse
from tests.runner.lessons.catalog import find
from tests.runner.lessons.loading import load, readers
from tests.runner.reader import chatting
from tests.runner.reader.by_function import Names, put

TEXT = "The cat sat on the mat."
ALIKE = ("On the real weights of {model} your functions give the solution's logits, through all "
         "{n} blocks.")
GREEN = "Your `{function}` is green, and yet the model goes wrong with it: {where}. {says}"
INSTEAD = "\nThe solution's runs instead."
RED = ("Your `{function}` is not green yet, so the solution's runs. With yours the model would go "
       "wrong: {where}. {says}")

WRONG = "On its real weights {model} goes wrong with your `{function}`: {where}. {says}"


def check(model: Model, screen: Screen) -> None:
    """Say where the reader's functions differ from the solution's, which then run instead."""
    found = chatting.functions()
    if not found.yours and not found.written:
        return
    workshop, run = Workshop(find("kata", "12")), _run_on(model)
    while found.yours and not _agree(run, workshop):
        difference = first_difference(workshop, _theirs(found.yours), run)
        if difference is None:
            break
        screen.problem(_sentence(GREEN, difference) + INSTEAD)
        function = difference.call.function
        kata = workshop.home(function).name
        home = vars(sys.modules[kata])  # so that it calls the reader's others
        put(kata, function, rehouse(workshop.function(function), home, {}))
        found = found.without(function)
    if screen.plain or not found.written:
        return
    if difference := first_difference(workshop, _theirs(found.written), run):
        screen.say(_sentence(RED, difference))


def compared(model: Model, names: Names) -> str:
    """How the model goes with functions of the reader's, in a sentence."""
    workshop = Workshop(find("kata", "12"))
    difference = first_difference(workshop, _theirs(names), _run_on(model))
    if difference is None:
        return ALIKE.format(model=model.name, n=len(model.params["blocks"]))
    return _sentence(WRONG, difference, model=model.name)


def _run_on(model: Model) -> Callable:
    """Calls a `llama` on a few tokens."""
    ids = np.array(model.ids(TEXT))
    return lambda llama: llama(ids, model.params, model.config)


def _agree(run: Callable, workshop: Workshop) -> bool:
    """Whether the model gives the logits that it gives on the solutions alone."""
    try:
        logits, _ = run(llama)
    except Exception:  # noqa: BLE001 - whatever the reader's code raises
        return False
    return nearly_equal(logits, run(workshop.function("llama"))[0], limits.RIGHT_MODEL)


def _theirs(names: Names) -> dict[str, Callable]:
    """Functions of the reader's, by name."""
    found = {}
    for kata, some in names.items():
        with suppress(Exception):  # whatever a file that is not finished raises as it is loaded
            module = load(kata, readers)[kata]
            found |= {name: getattr(module, name) for name in some}
    return found


def _sentence(template: str, difference: Difference, **more: str) -> str:
    return template.format(function=difference.call.function, where=difference.where,
                           says=" ".join(difference.says), **more)
