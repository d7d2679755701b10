"""Mistakes in gelu: what stands inside the tanh."""

import math

import numpy as np

from tests.runner.mistakes import mistake


@mistake("gelu", """The factor inside your tanh is 2 / pi, 0.637. Its root is meant, 0.798.""", common=True)
def forgets_the_root(x):
    return x / 2 * (1 + np.tanh(2 / math.pi * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(2) / pi, 0.45. The root goes over both:
    sqrt(2 / pi), 0.798.""")
def takes_the_root_of_two_alone(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2) / math.pi * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(pi / 2), 1.253: upside down. It is
    sqrt(2 / pi), 0.798.""")
def turns_the_fraction_upside_down(x):
    return x / 2 * (1 + np.tanh(math.sqrt(math.pi / 2) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(2) / pi, 0.45. The root goes over both:
    sqrt(2 / pi), 0.798.""")
def takes_numpys_root_of_two_alone(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2) / np.pi * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(pi / 2), 1.253: upside down. It is
    sqrt(2 / pi), 0.798.""")
def turns_the_fraction_under_numpys_root_upside_down(x):
    return x / 2 * (1 + np.tanh(np.sqrt(np.pi / 2) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor sqrt(2 / pi) is missing inside your tanh.""")
def forgets_the_factor(x):
    return x / 2 * (1 + np.tanh(x + 0.044715 * x * x * x))


@mistake("gelu", """The factor inside your tanh is a rounded sqrt(2 / pi), and your answer has no more
    right digits than it has. Let Python work out math.sqrt(2 / math.pi).""",
         factor=(0.8, 0.798, 0.7979, 0.79788, 0.797885, 0.7980868844676221, 0.7978836279039113,
                 0.7978848977752073, 0.7978, 0.79, 0.78))
def rounds_the_factor(x, *, factor):
    return x / 2 * (1 + np.tanh(factor * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is not sqrt(2 / pi), 0.798: 2 is divided by pi, and
    then the root is taken.""",
         factor=(2.5066282746310002, 1.2732395447351628, 0.7071067811865476, 0.5641895835477563))
def has_another_factor(x, *, factor):
    return x / 2 * (1 + np.tanh(factor * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The term with the cube is missing inside your tanh: 0.044715 x^3 is added to
    x.""")
def forgets_the_cube(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * x))


@mistake("gelu", """Inside your tanh, x is squared. It is the cube, x^3, which keeps the sign of x.""",
         common=True)
def squares_instead_of_cubing(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x)))


@mistake("gelu", """0.044715 is multiplied by x in yours, or by three x. It is multiplied by x times x
    times x.""", times=(1, 3))
def multiplies_instead_of_cubing(x, *, times):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * times * x)))


@mistake("gelu", """The constant is cubed along with x, and that leaves almost nothing. Only x is
    cubed: 0.044715 * x**3.""", common=True)
def cubes_the_constant_too(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + (0.044715 * x) ** 3)))


@mistake("gelu", """The whole sum x + 0.044715 x is cubed. Only the second x is: x + 0.044715 * x**3.""")
def cubes_the_whole_sum(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x) ** 3))


@mistake("gelu", """The constant stands at the wrong term: 0.044715 belongs to the cube, and x stands
    alone.""")
def puts_the_constant_at_x(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (0.044715 * x + x * x * x)))


@mistake("gelu", """0.044715 is missing before the cube: x + 0.044715 x^3.""")
def forgets_the_constant(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + x * x * x)))


@mistake("gelu", """The cube is subtracted. It is added: x + 0.044715 x^3.""")
def subtracts_the_cube(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x - 0.044715 * x * x * x)))


@mistake("gelu", """Brackets are missing inside the tanh: sqrt(2 / pi) multiplies x alone. It
    multiplies the whole of x + 0.044715 x^3.""", common=True)
def leaves_the_cube_outside_the_bracket(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * x + 0.044715 * x * x * x))


@mistake("gelu", """Brackets are missing inside the tanh: sqrt(2 / pi) multiplies the cube alone. It
    multiplies the whole of x + 0.044715 x^3.""")
def leaves_x_outside_the_bracket(x):
    return x / 2 * (1 + np.tanh(x + math.sqrt(2 / math.pi) * 0.044715 * x * x * x))


@mistake("gelu", """The root goes over more than 2 / pi, and of negative numbers there is no root. It
    ends before the bracket: math.sqrt(2 / math.pi) * (...).""")
def takes_the_root_of_everything(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2 / math.pi * (x + 0.044715 * x * x * x))))


@mistake("gelu", """The bracket of your tanh closes too early: it is the tanh of sqrt(2 / pi) alone, times the rest.
    All of sqrt(2 / pi) * (x + ...) stands inside.""")
def closes_the_tanh_too_early(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi)) * (x + 0.044715 * x * x * x))


@mistake("gelu", """A bracket makes you divide by 1 + tanh(...). x / 2 is multiplied by it.""")
def divides_by_the_whole_sum(x):
    return x / (2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))))


@mistake("gelu", """The constant before the cube has other digits: 0.044715 is the one that is
    meant.""", constant=(0.44715, 0.0044715, 0.04715, 0.0447, 0.04471, 0.0044, 0.045, 0.04, 0.044751, 0.041715))
def mistypes_the_constant(x, *, constant):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + constant * x * x * x)))


@mistake("gelu", """`^` is no power in Python but works on bits. A power is written `x**3`.""")
def writes_a_power_as_in_mathematics(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ^ 3)))


@mistake("gelu", """`^` is no power in Python but works on bits. A power is written `x**3`.""")
def writes_a_power_in_brackets_as_in_mathematics(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x ^ 3))))
