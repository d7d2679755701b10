"""Mistakes in relu."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

takes_the_largest_along_an_axis = edit("relu", """You take the largest number along the first
    axis: the second argument of `np.max` is an axis. `np.maximum` compares number by number.""",
    ("np.maximum", "np.max"), common=True)

takes_the_largest_of_all = edit("relu", """You take the largest number of all, and one number
    comes out. Each number should be compared with zero by itself.""",
    ("x, 0", "x.max(), 0"))

compares_the_whole_array = edit("relu", """`max`, `if` and `and` need a single True or False, and
    comparing a whole array with zero gives many. `np.maximum` compares number by number.""",
    ("np.maximum", "max"), common=True)

makes_a_list_of_numbers = edit("relu", """Your loop runs along the first axis, and gives a list.
    With one axis it meets single numbers; with more, whole rows. `np.maximum` takes an array of
    any shape.""",
    ("np.maximum(x, 0)", "[max(number, 0) for number in x]"))

loops_over_one_axis = edit("relu", """Your loop runs along the first axis, where it meets single
    numbers only if x has no other axis. `np.maximum` takes an array of any shape.""",
    ("np.maximum(x, 0)", "np.array([max(number, 0) for number in x])"))

loops_over_two_axes = edit("relu", """Your loops need exactly two axes, but x may have one or
    four. `np.maximum` takes an array of any shape.""",
    ("np.maximum(x, 0)", "np.array([[max(number, 0) for number in row] for row in x])"))


@mistake("relu", """Your loops need exactly two axes, but x may have one or four. `np.maximum`
    takes an array of any shape.""")
def counts_along_two_axes(x):
    out = x.copy()
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = max(x[i, j], 0)
    return out


takes_the_smaller_one = edit("relu", """Your relu is the other way round: negative numbers stay,
    and positive ones become zero. It should take the larger of x and 0.""",
    ("np.maximum", "np.minimum"), common=True)

takes_the_absolute_value = edit("relu", """Your negative numbers lose their sign. They should
    become zero.""",
    ("np.maximum(x, 0)", "np.abs(x)"), common=True)

turns_the_sign = edit("relu", """Your answer is large where x is negative, and zero where it is
    positive: a sign is reversed. relu should take the larger of x and 0.""",
    ("x, 0", "-x, 0"))

lets_negative_numbers_leak = edit("relu", """Your negative numbers leak through, made smaller.
    That is the leaky ReLU; here they should become zero.""",
    ("x, 0", "x, x * slope"), slope=(0.01, 0.1, 0.2))

says_where_x_is_positive = edit("relu", """Your answer is True or False, which says where x is
    positive. It should hold the positive numbers themselves.""",
    ("np.maximum(x, 0)", "x > 0"))

makes_positive_numbers_one = edit("relu", """Your positive numbers all become 1. They should stay
    as they are: multiply x by your answer, or use `np.maximum`.""",
    ("np.maximum(x, 0)", "(x > 0).astype(x.dtype)"), common=True)

makes_positive_numbers_one_in_a_dtype = edit("relu", """Your positive numbers all become 1. They
    should stay as they are: multiply x by your answer, or use `np.maximum`.""",
    ("np.maximum(x, 0)", "(x > 0).astype(dtype)"), dtype=("float64", "int64"))

makes_positive_numbers_one_by_heaviside = edit("relu", """Your positive numbers all become 1.
    They should stay as they are: multiply x by your answer, or use `np.maximum`.""",
    ("np.maximum", "np.heaviside"))

leaves_negative_numbers_out = edit("relu", """You leave negative numbers out, and the shape is
    lost: the rest is in one row. They should become zero, and keep their position.""",
    ("np.maximum(x, 0)", "x[x >= 0]"), common=True)

leaves_out_what_is_not_positive = edit("relu", """You leave out all that is not positive, and the
    shape is lost: the rest is in one row. Negative numbers should become zero, and all should
    keep their position.""",
    ("np.maximum(x, 0)", "x[x > 0]"))

has_a_ceiling = edit("relu", """You cut large numbers off too. relu has a floor, at zero, and no
    ceiling.""",
    ("np.maximum(x, 0)", "np.clip(x, 0, ceiling)"), ceiling=(1, 6))

bends_as_softplus = edit("relu", """Your curve is soft: log(1 + e^x), which is called softplus.
    relu should have a corner at zero.""",
    ("np.maximum(x, 0)", "np.log1p(np.exp(x))"))

has_its_border_at_one = edit("relu", """Your numbers between 0 and 1 become zero too. The
    threshold should be 0.""",
    ("np.maximum(x, 0)", "np.where(x > 1, x, np.zeros_like(x))"))

cuts_to_integers = edit("relu", """You cut fractions off: your answer holds integers. It should
    have the dtype of x.""",
    ("np.maximum(x, 0)", "np.maximum(x, 0).astype(dtype)"), dtype=("int64", "int32"))

takes_the_dtype_of_the_first_number = edit("relu", """Your answer has the dtype of its first
    number, and if that is a plain 0, fractions are cut off: this is how `np.vectorize` works.
    `np.maximum` keeps the dtype of x.""",
    ("np.maximum(x, 0)", "np.vectorize(lambda number: max(number, 0))(x)"))

takes_the_dtype_of_the_first_zero = edit("relu", """Your answer has the dtype of its first
    number, and if that is a plain 0, fractions are cut off: this is how `np.vectorize` works.
    `np.maximum` keeps the dtype of x.""",
    ("np.maximum(x, 0)", "np.vectorize(lambda number: max(0, number))(x)"))

writes_zeros_into_x = edit("relu", """You write zeros into the caller's x: after the call its
    negative numbers are gone. `np.maximum` makes a new array.""",
    ("return np.maximum(x, 0)", "x[x < 0] = 0\nreturn x"), common=True)

answers_relu_in_float64 = edit("relu", """Your answer is float64 whatever x is: an array of zeros
    without a dtype, for example, makes it so. float32 should stay float32.""",
    ("x, 0", "x, np.zeros(x.shape)"), common=True)

answers_relu_in_float32 = edit("relu", """Your answer is float32 whatever x is. It should have
    the dtype of x.""",
    ("np.maximum(x, 0)", "np.maximum(x, 0).astype(np.float32)"))

goes_through_the_first_axis = edit("relu", """Your loop runs along the first axis, where it meets
    single numbers only if x has no other axis. `np.maximum` takes an array of any shape.""",
    ("np.maximum(x, 0)", "[max(0, number) for number in x]"))


@probes("relu")
def probe_relu():
    x = np.random.default_rng(1).normal(size=(2, 3, 4, 5)) * 4
    yield given(x[0, 0, 0])
    yield given(x[0, 0])
    yield given(x[0])
    yield given(x)
    yield given(x[0, 0].astype(np.float32))
    yield given(np.array([[-2, 0, 3], [7, -5, 1]]))
    yield given(np.array([4, -9, 0]))
    yield given(np.array([0.0, -1.5, 2.5]))
    yield given(np.array([-0.5, 0.0, 2.5], dtype=np.float32))
