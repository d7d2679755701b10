"""Mistakes in gelu: what stands inside the tanh."""

import math

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("gelu", """The factor inside your tanh is 2 / pi, 0.637. It should be the square root of
    that, 0.798.""", common=True)
def forgets_the_root(x):
    return x / 2 * (1 + np.tanh(2 / math.pi * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(2) / pi, 0.45. The root should cover both:
    sqrt(2 / pi), 0.798.""")
def takes_the_root_of_two_alone(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2) / math.pi * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(pi / 2), 1.253: upside down. It should be
    sqrt(2 / pi), 0.798.""")
def turns_the_fraction_upside_down(x):
    return x / 2 * (1 + np.tanh(math.sqrt(math.pi / 2) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(2) / pi, 0.45. The root should cover both:
    sqrt(2 / pi), 0.798.""")
def takes_numpys_root_of_two_alone(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2) / np.pi * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is sqrt(pi / 2), 1.253: upside down. It should be
    sqrt(2 / pi), 0.798.""")
def turns_the_fraction_under_numpys_root_upside_down(x):
    return x / 2 * (1 + np.tanh(np.sqrt(np.pi / 2) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor sqrt(2 / pi) is missing inside your tanh.""", denies=True)
def forgets_the_factor(x):
    return x / 2 * (1 + np.tanh(x + 0.044715 * x * x * x))


@mistake("gelu", """The factor inside your tanh is a rounded sqrt(2 / pi), which limits how many
    digits of your answer are right. Let Python compute math.sqrt(2 / math.pi).""",
         factor=(0.8, 0.798, 0.7979, 0.79788, 0.797885, 0.7980868844676221, 0.7978836279039113,
                 0.7978848977752073, 0.7978, 0.79, 0.78))
def rounds_the_factor(x, *, factor):
    return x / 2 * (1 + np.tanh(factor * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The factor inside your tanh is not sqrt(2 / pi), 0.798. Divide 2 by pi, and
    then take the square root.""",
         factor=(2.5066282746310002, 1.2732395447351628, 0.7071067811865476, 0.5641895835477563))
def has_another_factor(x, *, factor):
    return x / 2 * (1 + np.tanh(factor * (x + 0.044715 * x * x * x)))


@mistake("gelu", """The cubic term is missing inside your tanh: 0.044715 x^3 should be added to
    x.""", denies=True)
def forgets_the_cube(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * x))


@mistake("gelu", """Inside your tanh, x is squared. It should be cubed: x^3 keeps the sign of x.""",
         common=True)
def squares_instead_of_cubing(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x)))


@mistake("gelu", """You multiply 0.044715 by x, or by three x. It should be multiplied by x times x
    times x.""", times=(1, 3))
def multiplies_instead_of_cubing(x, *, times):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * times * x)))


@mistake("gelu", """You cube the constant along with x, and that leaves almost nothing. Only x
    should be cubed: 0.044715 * x**3.""", common=True)
def cubes_the_constant_too(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + (0.044715 * x) ** 3)))


@mistake("gelu", """You cube the whole sum x + 0.044715 x. Only the second x should be cubed: x +
    0.044715 * x**3.""")
def cubes_the_whole_sum(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x) ** 3))


@mistake("gelu", """Your constant multiplies the wrong term: 0.044715 belongs to the cube, and x
    should stand alone.""")
def puts_the_constant_at_x(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (0.044715 * x + x * x * x)))


@mistake("gelu", """The factor 0.044715 is missing before your cube: x + 0.044715 x^3.""",
         denies=True)
def forgets_the_constant(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + x * x * x)))


@mistake("gelu", """You subtract the cubic term. It should be added: x + 0.044715 x^3.""")
def subtracts_the_cube(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x - 0.044715 * x * x * x)))


@mistake("gelu", """Parentheses are missing inside your tanh: sqrt(2 / pi) multiplies x alone. It
    should multiply the whole of x + 0.044715 x^3.""", common=True, denies=True)
def leaves_the_cube_outside_the_bracket(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * x + 0.044715 * x * x * x))


@mistake("gelu", """Parentheses are missing inside your tanh: sqrt(2 / pi) multiplies the cube
    alone. It should multiply the whole of x + 0.044715 x^3.""", denies=True)
def leaves_x_outside_the_bracket(x):
    return x / 2 * (1 + np.tanh(x + math.sqrt(2 / math.pi) * 0.044715 * x * x * x))


@mistake("gelu", """Your root covers more than 2 / pi, and negative numbers have no root. It should
    end before the parentheses: math.sqrt(2 / math.pi) * (...).""")
def takes_the_root_of_everything(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2 / math.pi * (x + 0.044715 * x * x * x))))


@mistake("gelu", """The parentheses of your tanh close too early: you take the tanh of sqrt(2 / pi)
    alone, times the rest. All of sqrt(2 / pi) * (x + ...) belongs inside.""")
def closes_the_tanh_too_early(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi)) * (x + 0.044715 * x * x * x))


@mistake("gelu", """Parentheses make you divide by 1 + tanh(...). Multiply x / 2 by it.""")
def divides_by_the_whole_sum(x):
    return x / (2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))))


@mistake("gelu", """Your constant before the cube has other digits. It should be 0.044715.""",
         constant=(0.44715, 0.0044715, 0.04715, 0.0447, 0.04471, 0.0044, 0.045, 0.04, 0.044751, 0.041715))
def mistypes_the_constant(x, *, constant):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + constant * x * x * x)))


@mistake("gelu", """You write a power with `^`, which works on bits in Python. Write it as
    `x**3`.""")
def writes_a_power_as_in_mathematics(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ^ 3)))


@mistake("gelu", """You write a power with `^`, which works on bits in Python. Write it as
    `x**3`.""")
def writes_a_power_in_brackets_as_in_mathematics(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x ^ 3))))
