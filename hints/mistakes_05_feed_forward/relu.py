"""Mistakes in relu."""

import numpy as np

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("relu", """You take the largest number along the first axis: the second argument of
    `np.max` is an axis. `np.maximum` compares number by number.""", common=True)
def takes_the_largest_along_an_axis(x):
    return np.max(x, 0)


@mistake("relu", """You take the largest number of all, and one number comes out. Each number
    should be compared with zero by itself.""")
def takes_the_largest_of_all(x):
    return np.maximum(x.max(), 0)


@mistake("relu", """`max`, `if` and `and` need a single True or False, and comparing a whole array
    with zero gives many. `np.maximum` compares number by number.""", common=True)
def compares_the_whole_array(x):
    return max(x, 0)


@mistake("relu", """Your loop runs along the first axis, and gives a list. With one axis it meets
    single numbers; with more, whole rows. `np.maximum` takes an array of any shape.""")
def makes_a_list_of_numbers(x):
    return [max(number, 0) for number in x]


@mistake("relu", """Your loop runs along the first axis, where it meets single numbers only if x
    has no other axis. `np.maximum` takes an array of any shape.""")
def loops_over_one_axis(x):
    return np.array([max(number, 0) for number in x])


@mistake("relu", """Your loops need exactly two axes, but x may have one or four. `np.maximum`
    takes an array of any shape.""")
def loops_over_two_axes(x):
    return np.array([[max(number, 0) for number in row] for row in x])


@mistake("relu", """Your loops need exactly two axes, but x may have one or four. `np.maximum`
    takes an array of any shape.""")
def counts_along_two_axes(x):
    out = x.copy()
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = max(x[i, j], 0)
    return out


@mistake("relu", """Your relu is the other way round: negative numbers stay, and positive ones
    become zero. It should take the larger of x and 0.""", common=True)
def takes_the_smaller_one(x):
    return np.minimum(x, 0)


@mistake("relu", """Your negative numbers lose their sign. They should become zero.""", common=True)
def takes_the_absolute_value(x):
    return np.abs(x)


@mistake("relu", """Your answer is large where x is negative, and zero where it is positive: a sign
    is reversed. relu should take the larger of x and 0.""")
def turns_the_sign(x):
    return np.maximum(-x, 0)


@mistake("relu", """Your negative numbers leak through, made smaller. That is the leaky ReLU; here
    they should become zero.""", slope=(0.01, 0.1, 0.2))
def lets_negative_numbers_leak(x, *, slope):
    return np.maximum(x, x * slope)


@mistake("relu", """Your answer is True or False, which says where x is positive. It should hold
    the positive numbers themselves.""")
def says_where_x_is_positive(x):
    return x > 0


@mistake("relu", """Your positive numbers all become 1. They should stay as they are: multiply x by
    your answer, or use `np.maximum`.""", common=True)
def makes_positive_numbers_one(x):
    return (x > 0).astype(x.dtype)


@mistake("relu", """Your positive numbers all become 1. They should stay as they are: multiply x by
    your answer, or use `np.maximum`.""", dtype=("float64", "int64"))
def makes_positive_numbers_one_in_a_dtype(x, *, dtype):
    return (x > 0).astype(dtype)


@mistake("relu", """Your positive numbers all become 1. They should stay as they are: multiply x by
    your answer, or use `np.maximum`.""")
def makes_positive_numbers_one_by_heaviside(x):
    return np.heaviside(x, 0)


@mistake("relu", """You leave negative numbers out, and the shape is lost: the rest stands in one
    row. They should become zero, and keep their place.""", common=True)
def leaves_negative_numbers_out(x):
    return x[x >= 0]


@mistake("relu", """You leave out all that is not positive, and the shape is lost: the rest stands
    in one row. Negative numbers should become zero, and all should keep their place.""")
def leaves_out_what_is_not_positive(x):
    return x[x > 0]


@mistake("relu", """You cut large numbers off too. relu has a floor, at zero, and no ceiling.""",
         ceiling=(1, 6))
def has_a_ceiling(x, *, ceiling):
    return np.clip(x, 0, ceiling)


@mistake("relu", """Your curve is soft: log(1 + e^x), which is called softplus. relu should have a
    corner at zero.""")
def bends_as_softplus(x):
    return np.log1p(np.exp(x))


@mistake("relu", """Your numbers between 0 and 1 become zero too. The threshold should be 0.""")
def has_its_border_at_one(x):
    return np.where(x > 1, x, np.zeros_like(x))


@mistake("relu", """You cut fractions off: your answer holds integers. It should have the dtype of
    x.""", dtype=("int64", "int32"))
def cuts_to_integers(x, *, dtype):
    return np.maximum(x, 0).astype(dtype)


@mistake("relu", """Your answer has the dtype of its first number, and if that is a plain 0,
    fractions are cut off: this is how `np.vectorize` works. `np.maximum` keeps the dtype of x.""")
def takes_the_dtype_of_the_first_number(x):
    return np.vectorize(lambda number: max(number, 0))(x)


@mistake("relu", """Your answer has the dtype of its first number, and if that is a plain 0,
    fractions are cut off: this is how `np.vectorize` works. `np.maximum` keeps the dtype of x.""")
def takes_the_dtype_of_the_first_zero(x):
    return np.vectorize(lambda number: max(0, number))(x)


@mistake("relu", """You write zeros into the caller's x: after the call its negative numbers are
    gone. `np.maximum` makes a new array.""", common=True)
def writes_zeros_into_x(x):
    x[x < 0] = 0
    return x


@mistake("relu", """Your answer is float64 whatever x is: an array of zeros without a dtype, for
    example, makes it so. float32 should stay float32.""", common=True)
def answers_relu_in_float64(x):
    return np.maximum(x, np.zeros(x.shape))


@mistake("relu", """Your answer is float32 whatever x is. It should have the dtype of x.""")
def answers_relu_in_float32(x):
    return np.maximum(x, 0).astype(np.float32)


@mistake("relu", """Your loop runs along the first axis, where it meets single numbers only if x
    has no other axis. `np.maximum` takes an array of any shape.""")
def goes_through_the_first_axis(x):
    return [max(0, number) for number in x]


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
