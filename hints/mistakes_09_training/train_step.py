"""Mistakes in train_step, and what tells them apart."""

import numpy as np

from tests.forward_08_backprop import mapped, narrow, random_gpt
from tests.runner.diagnosis.known import edit, given, probes

GRADIENTS = "loss, grads = gpt_gradients(inputs, targets, params, n_heads)"
CLIPPED = "grads, _ = clip_gradients(grads, max_norm)"
ADAMW = "params, state = adamw(params, grads, state, rate)"
THREE = "return params, state, loss"

skips_the_clipping = edit("train_step", """AdamW gets the gradients as they are. Give it what
    `clip_gradients` returns: it changes nothing in place, and after AdamW it is too late, as m
    and v have taken them in.""",
    (CLIPPED, ""), common=True)

takes_both_for_gradients = edit("train_step", """`clip_gradients` returns two things, and AdamW gets
    both. Take them apart: `grads, norm = clip_gradients(...)`.""",
    (CLIPPED, "grads = clip_gradients(grads, max_norm)"), common=True)

ignores_max_norm = edit("train_step", """Your limit is 1, whatever max_norm says. Pass it on to
    `clip_gradients`.""",
    ("clip_gradients(grads, max_norm)", "clip_gradients(grads, 1.0)"), denies=True)

forgets_the_state = edit("train_step", """Each of your steps is a first step: AdamW gets None, and
    not the state. m and v are lost, and the count as well.""",
    ("adamw(params, grads, state, rate)", "adamw(params, grads, None, rate)"), common=True)

returns_the_old_state = edit("train_step", """The state that you return is the one that was passed
    in. `adamw` makes the step and the new state, both: without that state every step is the
    first.""",
    (ADAMW, "params, _ = adamw(params, grads, state, rate)"), common=True)

returns_the_old_parameters = edit("train_step", """You return the parameters that were passed in:
    what adamw made is dropped. It returns new ones, and changes nothing.""",
    (ADAMW, "_, state = adamw(params, grads, state, rate)"), common=True)

gives_the_loss_after_the_step = edit("train_step", """Your loss is that after the step, for which
    the model has to run again. The one before comes with the gradients.""",
    (THREE, f"{GRADIENTS.replace('grads', '_', 1)}\n{THREE}"))

returns_the_norm = edit("train_step", """The third thing that you return is the norm of the
    gradient. It should be the loss.""",
    (CLIPPED, "grads, loss = clip_gradients(grads, max_norm)"))

returns_the_loss_first = edit("train_step", """You return the loss first. Return params, state
    and loss, in this order.""",
    (THREE, "return loss, params, state"))

exchanges_inputs_and_targets = edit("train_step", """Inputs and targets are swapped: the model
    reads what it should say.""",
    ("gpt_gradients(inputs, targets,", "gpt_gradients(np.maximum(targets, 0), inputs,"))

shifts_the_batch_again = edit("train_step", """You shift the targets by one more token. They were
    shifted when the batch was made.""",
    ("gpt_gradients(inputs, targets,", "gpt_gradients(inputs[..., :-1], targets[..., 1:],"),
    common=True)

leaves_the_tables_alone = edit("train_step", """`token_table` and `position_table` do not move.
    Pass the whole tree to adamw.""",
    (THREE, "tables = {name: old[name] for name in (\"token_table\", \"position_table\")}\n"
             "return params | tables, state, loss"), (GRADIENTS, f"old = params\n{GRADIENTS}"))

trains_the_blocks_alone = edit("train_step", """Only the blocks move. Pass the whole tree to
    adamw: the tables and norm_f learn, too.""",
    (THREE, "return old | {\"blocks\": params[\"blocks\"]}, state, loss"),
    (GRADIENTS, f"old = params\n{GRADIENTS}"))


@probes("train_step")
def probe_train_step():
    rng = np.random.default_rng(98)
    for n_blocks, untied, shape in ((1, False, (4,)), (2, True, (2, 3)), (0, False, (3, 4))):
        params = random_gpt(n_blocks, untied=untied)
        ids, targets = rng.integers(9, size=(2, *shape))
        yield given(params, None, ids, targets, 2, 0.1)
        yield given(params, None, ids, targets, 1, 0.1, max_norm=100.0)
        state = {"step": 2, "m": params, "v": mapped(np.square, params)}
        yield given(params, state, ids, targets, 2, 0.3, 0.01)
    targets = np.where(rng.random(targets.shape) < 0.4, -1, targets)
    yield given(params, None, ids, targets, 2, 0.1)
    yield given(narrow(params), None, ids, targets, 2, 0.1)
