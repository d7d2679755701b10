"""The check of gradients: right ones pass, wrong ones are described by how they differ."""

import numpy as np
import pytest

from tests.runner.diagnosis.measure import measure
from tests.runner.specs.check import Kind, Mismatch
from tests.runner.specs.gradients import differences, gradient, gradients, predicts, unpacked

RNG = np.random.default_rng(1)
X, W, ABOVE = (RNG.normal(size=shape) for shape in ((2, 4, 3), (3, 5), (2, 4, 5)))
SQUARE = RNG.normal(size=(3, 3))
PER_TOKEN = X[..., :, None] * ABOVE[..., None, :]
GRAD_W = PER_TOKEN.sum(axis=(0, 1))


def product(w):
    return X @ w


def said(check) -> str:
    with pytest.raises(Mismatch) as caught:
        check()
    return " ".join(measure(caught.value, {"d_in": 3}))


def test_a_right_gradient_passes_in_any_size_and_dtype():
    gradient(GRAD_W, product, W, ABOVE)
    large = RNG.normal(size=(7, 12))
    gradient(np.cos(large), np.sin, large, 1.0)
    gradient(np.cos(large).astype(np.float32), np.sin, large, rtol=1e-5, dtype=np.float32)
    gradient(2 * X, lambda x: (x**2).sum(), X)


def test_differences_are_good_to_eleven_digits():
    x = RNG.normal(size=(3, 4))
    measured = differences(lambda x: (np.sin(x) * np.exp(x)).sum(), x)
    assert np.allclose(measured, (np.sin(x) + np.cos(x)) * np.exp(x), rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize(("wrong", "words"), [
    (GRAD_W * 0, "It is zero throughout"),
    (-GRAD_W, "Every entry has the opposite sign."),
    (GRAD_W / 8, "0.125 times what it should be; here 1/(batch * n_tokens) is 0.125."),
    (GRAD_W * 3 ** 0.5, "times what it should be; here sqrt(d_in) is 1.73205."),
    (PER_TOKEN, "Summed over its first 2 axes it is right"),
    (PER_TOKEN.sum(axis=1), "Summed over its first axis it is right"),
    (PER_TOKEN[-1].sum(axis=0), "It is right for the last sequence of the batch only"),
    (PER_TOKEN[:, 0].sum(axis=0), "It is right for the first token only"),
    (X.sum(axis=(0, 1))[:, None] * np.ones(5), "It is what a grad_out of ones would give"),
    (GRAD_W.T, "Transposed, it is right."),
    (GRAD_W[::-1], "in reverse along axis 0"),
    (GRAD_W * 1.01, "Every entry is 1.01 times what it should be."),
    (GRAD_W + np.nan, "Every entry is NaN."),
    (None, "It returned None."),
], ids=str)
def test_a_wrong_gradient_is_described(wrong, words):
    assert words in said(lambda: gradient(wrong, product, W, ABOVE))


def test_grad_out_that_is_passed_on_is_recognised():
    above = RNG.normal(size=(3, 3))
    words = said(lambda: gradient(above, np.sin, SQUARE, above))
    assert words == "It is grad_out as it came in: what this step does to its input is missing."


def test_a_square_gradient_that_is_transposed_is_recognised():
    words = said(lambda: gradient((2 * SQUARE).T, lambda x: (x**2).sum(), SQUARE))
    assert "rows and columns swapped" in words


def test_another_convention_is_recognised():
    conventions = {"It is the gradient of half the loss, another convention.": SQUARE}
    words = said(lambda: gradient(
        SQUARE, lambda x: (x**2).sum(), SQUARE, conventions=conventions))
    assert words == "It is the gradient of half the loss, another convention."


PARAMS = {"blocks": [{"w": RNG.normal(size=(3, 3))}, {"w": RNG.normal(size=(3, 3))}]}


def both_blocks(params):
    first, second = (block["w"] for block in params["blocks"])
    return np.tanh(X @ first) @ second


def test_each_array_of_a_tree_is_checked_and_a_wrong_one_located():
    above = RNG.normal(size=X.shape)
    second = np.einsum("bti,bto->io", np.tanh(X @ PARAMS["blocks"][0]["w"]), above)
    steps = (above @ PARAMS["blocks"][1]["w"].T) * (1 - np.tanh(X @ PARAMS["blocks"][0]["w"]) ** 2)
    grads = {"blocks": [{"w": np.einsum("bti,bto->io", X, steps)}, {"w": second}]}
    gradients(grads, both_blocks, PARAMS, above)
    grads["blocks"][1] = {"w": -second}
    with pytest.raises(Mismatch) as caught:
        gradients(grads, both_blocks, PARAMS, above)
    assert caught.value.path == '["blocks"][1]["w"]' and caught.value.of is grads
    with pytest.raises(Mismatch) as caught:
        gradients({"blocks": [{"w": second}, {}]}, both_blocks, PARAMS, above)
    # the gradients that are there are checked in order
    assert caught.value.path == '["blocks"][0]["w"]'
    with pytest.raises(Mismatch) as caught:
        gradients({}, both_blocks, PARAMS, above)
    assert caught.value.kind is Kind.KEYS


def test_a_taylor_test_passes_for_right_gradients_alone():
    x, above = X[0], ABOVE[0]
    right = above @ W.T, x.T @ above
    predicts(right, np.matmul, (x, W), above)
    for slip in (1e-3 * right[0], right[0], 1e-3):
        wrong = right[0] + slip, right[1]
        assert said(lambda: predicts(wrong, np.matmul, (x, W), above))
    assert "It returned None." in said(lambda: predicts((right[0], None), np.matmul, (x, W), above))


def test_an_answer_that_is_no_tuple_of_gradients_is_described():
    assert unpacked((1, 2), "grad_x", "grad_w") == (1, 2)
    assert "A tuple of 3 is expected: grad_x, grad_gain and grad_bias." in said(
        lambda: unpacked(X, "grad_x", "grad_gain", "grad_bias"))
    assert "It returned None." in said(lambda: unpacked(None, "grad_x", "grad_w"))
