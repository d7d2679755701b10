"""Mistakes in adamw: the decay of weights."""

from tests.runner.diagnosis.known import edit

MOVED = "return param - rate * (update + decay * param)"
DECAY = "decay = weight_decay if param.ndim >= 2 else 0.0"
OLD_M = "m = tree_map(lambda m, grad: beta_1"

decays_the_gradient = edit("adamw", """Your decay is added to the gradient, and so goes through m
    and v: that is Adam with an L2 penalty. In AdamW it is decoupled: it is added to the update.""",
    (OLD_M, "grads = tree_map(\n"
     "    lambda grad, param: grad + weight_decay * param * (param.ndim >= 2), grads, params)\n"
     + OLD_M),
    ("(update + decay * param)", "update"), common=True)

decays_the_new_weight = edit("adamw", """Your decay is of the parameter after its step. Some
    libraries do that; here, as in the paper and in PyTorch, it is of the one before.""",
    (MOVED, "new = param - rate * update\nreturn new - rate * decay * new"))

decays_everything = edit("adamw", """Gains and biases decay as well. Only arrays of two axes or more
    do: a gain of 0 would wipe out what a norm has to say.""",
    (DECAY, "decay = weight_decay"), common=True)

decays_arrays_of_exactly_two_axes = edit("adamw", """Arrays of three axes do not decay: it is two
    axes or more.""",
    ("param.ndim >= 2", "param.ndim == 2"))

decays_nothing = edit("adamw", """Nothing decays. Arrays of two axes or more shrink by
    rate * weight_decay of themselves.""",
    ("(update + decay * param)", "update"), common=True)

decays_without_the_rate = edit("adamw", """Your decay is not multiplied by the rate: a tenth of
    each weight would be gone at every step.""",
    (MOVED, "return param - rate * update - decay * param"), common=True)

decays_by_the_rate_twice = edit("adamw", """Your decay is multiplied by the rate twice, in the
    update and again with it. Once is enough: rate * (update + weight_decay * params).""",
    ("rate * (update + decay * param)", "rate * (update + rate * decay * param)"), common=True)

adds_the_decay = edit("adamw", """Your weights grow with the decay: its sign is wrong. It pulls them
    towards 0.""",
    (MOVED, "return param - rate * (update - decay * param)"), common=True)

decays_by_a_fixed_amount = edit("adamw", """Your decay is the same for every weight, large or
    small. It is weight_decay times the weight.""",
    (MOVED, "return param - rate * (update + decay)"))
