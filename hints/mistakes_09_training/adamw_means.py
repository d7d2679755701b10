"""Mistakes in adamw: running means, correction and step; and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

M = "beta_1 * m + (1 - beta_1) * grad"
V = "beta_2 * v + (1 - beta_2) * grad * grad"
M_HAT = "m / (1 - beta_1**t)"
V_HAT = "v / (1 - beta_2**t)"
UPDATE = "m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + eps)"
STEP = 't = betas, state["step"] + 1'

forgets_the_correction = edit("adamw", """`m` and `v` are not corrected for having started at zero.
    With betas of 0.9 and 0.999 the first step is 3.16 times too long; divide by 1 - beta ** t.""",
    (UPDATE, "m / (np.sqrt(v) + eps)"), common=True)

corrects_m_alone = edit("adamw", """`v` is not corrected for having started at zero: divide it by
    1 - beta_2 ** t, under the root.""",
    (V_HAT, "v"), common=True)

corrects_v_alone = edit("adamw", """`m` is not corrected for having started at zero: divide it by
    1 - beta_1 ** t.""",
    (M_HAT, "m"))

corrects_without_a_power = edit("adamw", """You divide by 1 - beta at every step. That is right for
    the first one; at step t it is 1 - beta ** t.""",
    ("beta_1**t", "beta_1"), ("beta_2**t", "beta_2"), common=True)

counts_a_step_too_many = edit("adamw", """Your first step has t = 2: it is counted twice. Count up
    once, before the correction.""",
    (STEP, 't = betas, state["step"] + 2'), common=True)

counts_from_zero = edit("adamw", """Your first step has t = 0, so its correction divides by zero.
    Count up before the correction, not after it.""",
    (STEP, 't = betas, state["step"]'), ('"step": t,', '"step": t + 1,'), common=True)

never_counts_on = edit("adamw", """The count of steps stays where it was, so each step is corrected
    as if it were the first.""",
    ('"step": t,', '"step": t - 1,'))

keeps_corrected_means = edit("adamw", """You keep the corrected m and v in the state, and the next
    step corrects them again. Keep them as they are.""",
    ('return tree_map(moved, params, m, v), {"step": t, "m": m, "v": v}',
     "params = tree_map(moved, params, m, v)\n"
     "m = tree_map(lambda m: m / (1 - beta_1**t), m)\n"
     "v = tree_map(lambda v: v / (1 - beta_2**t), v)\n"
     'return params, {"step": t, "m": m, "v": v}'), common=True)

exchanges_the_shares = edit("adamw", """The shares of m and v are swapped: beta is what is kept
    of the old, and 1 - beta what the new gradient gets.""",
    (M, "(1 - beta_1) * m + beta_1 * grad"), (V, "(1 - beta_2) * v + beta_2 * grad * grad"))

adds_the_whole_gradient = edit("adamw", """The new gradient goes into m in full, as with plain
    momentum. In a mean it has the share 1 - beta_1.""",
    (M, "beta_1 * m + grad"), common=True)

forgets_the_square = edit("adamw", """`v` is a mean of the gradients, not of their squares.""",
    (V, "beta_2 * v + (1 - beta_2) * grad"))

corrects_v_with_beta_1 = edit("adamw", """`v` is corrected with beta_1, the share of m. Its own is
    beta_2.""",
    (V_HAT, "v / (1 - beta_1**t)"))

squares_the_mean = edit("adamw", """`v` is a mean of the squares of m. It is the gradient itself
    that is squared.""",
    ('state["v"], grads)', 'state["v"], m)'), common=True)

moves_by_the_old_means = edit("adamw", """Your step is taken with the m and v of the step before,
    which are 0 at first. Make them new, and then use them.""",
    ("tree_map(moved, params, m, v)", 'tree_map(moved, params, state["m"], state["v"])'),
    common=True)

begins_with_the_gradient = edit("adamw", """Your m and v begin as the first gradient and its square.
    They begin as zeros; the correction makes up for that.""",
    ("zeros = tree_map(np.zeros_like, params)", "squares = tree_map(np.square, grads)"),
    ('"m": zeros, "v": zeros', '"m": grads, "v": squares'), common=True)

exchanges_the_betas = edit("adamw", """The betas are swapped: the first one belongs to m, the
    second to v.""",
    ("(beta_1, beta_2), t", "(beta_2, beta_1), t"))

forgets_the_root = edit("adamw", """You divide by v itself. Divide by its root, so that the step
    does not depend on how large gradients are.""",
    ("np.sqrt(v / (1 - beta_2**t))", "v / (1 - beta_2**t)"), common=True)

puts_eps_inside_the_root = edit("adamw", """Your eps is inside of the root, where 1e-8 has the
    effect of 1e-4. It is added to the root.""",
    ("np.sqrt(v / (1 - beta_2**t)) + eps", "np.sqrt(v / (1 - beta_2**t) + eps)"), common=True)

adds_eps_before_the_correction = edit("adamw", """Your eps is added before v is corrected, so in
    the first steps it is larger than it says. That is another convention; here it is added to the
    corrected root.""",
    ("np.sqrt(v / (1 - beta_2**t)) + eps", "(np.sqrt(v) + eps) / math.sqrt(1 - beta_2**t)"))

climbs = edit("adamw", """Your parameters move with the gradient, so the loss rises. Subtract the
    step.""",
    ("param - rate * (update + decay * param)", "param + rate * (update - decay * param)"),
    common=True)

takes_plain_steps = edit("adamw", """Your step is the rate times m: nothing is divided by the root
    of v. That is gradient descent with momentum.""",
    (UPDATE, "m / (1 - beta_1**t)"))

widens_float32 = edit("adamw", """`m` and `v` are float64, and so are the parameters after the first
    step: `np.zeros(shape)` is float64. `np.zeros_like(param)` has the dtype of param.""",
    ("tree_map(np.zeros_like, params)", "tree_map(lambda param: np.zeros(param.shape), params)"),
    speaks_of=("zeros", "float64"))


@probes("adamw")
def probe_adamw():
    rng = np.random.default_rng(97)
    for shape in ((3,), (2, 3), (2, 1, 3)):
        for size in (1.0, 1e-7, 30.0):
            params, grad, m, v = rng.normal(size=(4, *shape))
            yield given(params, size * grad, None, 0.1)
            state = {"step": 3, "m": 0.3 * size * m, "v": (size * v) ** 2}
            yield given(params, size * grad, state, 0.2, (0.7, 0.97), 0.01, 0.25)
    params = {"w": rng.normal(size=(2, 3)), "blocks": [{"b": rng.normal(size=4)}]}
    grads = {"w": rng.normal(size=(2, 3)), "blocks": [{"b": rng.normal(size=4)}]}
    yield given(params, grads, None, 0.3)
    yield given(params, grads, {"step": 1, "m": grads, "v": params | {"w": params["w"] ** 2,
                                "blocks": [{"b": params["blocks"][0]["b"] ** 2}]}}, 0.3)
    yield given(params["w"].astype(np.float32), grads["w"].astype(np.float32), None, 0.3)
    yield given(params["w"], np.zeros((2, 3)), None, 0.3, weight_decay=0.4)
