"""Masks in another convention, as the reader's function passes them to earlier ones."""

import inspect
from collections.abc import Iterator

import numpy as np

from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.exceptions import MASKS, REMAPPED, message_of
from tests.runner.diagnosis.standins import StandIns
from tests.runner.diagnosis.tracebacks import failing_line
from tests.runner.diagnosis.trials import recorded
from tests.runner.lessons.loading import names_used_by
from tests.runner.specs.watched import LEAVING

SCORES = "Scores are (..., n_queries, n_keys), and a mask has to broadcast to that."


def about_masks(case: Case) -> tuple[str, ...]:
    """What is wrong with a mask that is passed on in the red call; () if nothing is."""
    if not case.call or not case.right or not hasattr(case.theirs, "__code__"):
        return ()
    function = case.call.function
    said = message_of(case.problem)
    is_of_shapes = "broadcast" in said and not REMAPPED.search(said)
    complaint = said if is_of_shapes and "mask" in failing_line(case.problem) else ""
    masks = _masks_in(case)
    try:
        stand_ins = StandIns(case.workshop, function, case.theirs)
        trials = recorded([case.call], case.right)
        for other in names_used_by(case.theirs.__code__) & set(stand_ins.used):
            signature = inspect.signature(case.workshop.function(other))
            if "mask" in signature.parameters:
                for args, kwargs in stand_ins.inputs_of(other, trials):
                    handed = signature.bind(*args, **kwargs).arguments
                    for said in _odd(function, other, handed, masks, complaint):
                        return said, MASKS if masks else SCORES
    except (*LEAVING, TypeError):  # time ran out, or the other function is called differently
        return ()
    return ()


def _masks_in(case: Case) -> dict[str, np.ndarray]:
    given = inspect.signature(case.right).bind(*case.call.args, **case.call.kwargs).arguments
    return {name: value for name, value in given.items() if _is_mask(name, value)}


def _is_mask(name: str, value) -> bool:
    return "mask" in name and isinstance(value, np.ndarray)


def _odd(function: str, other: str, handed: dict, given: dict[str, np.ndarray],
         complaint: str) -> Iterator[str]:
    """What is wrong with the masks in the arguments of one call.

    handed: what `function` passed on to `other`
    given:  the masks that it got itself
    complaint: NumPy's sentence about shapes that do not line up, if the call ends in that
    """
    tokens = next((np.ndim(value) for value in handed.values() if isinstance(value, np.ndarray)), 0)
    for name, mask in handed.items():
        if not _is_mask(name, mask) or not mask.size:
            continue
        begins = f"Your `{function}` passes `{other}` a mask"
        if mask.dtype.kind != "b" and not np.isin(mask, (0, 1)).all():
            yield f"{begins} of numbers, from {mask.min():g} to {mask.max():g}."
        is_as_given = any(each.shape == mask.shape for each in given.values())
        fails = f"{','.join(map(str, mask.shape[-2:]))})" in complaint
        most_axes = max([tokens, *(each.ndim for each in given.values())])
        if fails and not is_as_given or mask.ndim > most_axes:
            yield f"{begins} of shape {mask.shape}."
        for its_name, each in given.items():
            if each.dtype == mask.dtype == bool and np.array_equal(mask, ~each):
                yield (f"The mask that your `{function}` passes to `{other}` is the inverse of "
                       f"`{its_name}`.")
