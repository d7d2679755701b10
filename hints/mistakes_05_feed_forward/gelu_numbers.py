"""Mistakes in gelu: what is inside the tanh."""

from tests.runner.diagnosis.known import edit

forgets_the_root = edit("gelu", """The factor inside your tanh is 2 / pi, 0.637. It should be the
    square root of that, 0.798.""",
    ("math.sqrt(2 / math.pi)", "2 / math.pi"), common=True)

takes_the_root_of_two_alone = edit("gelu", """The factor inside your tanh is sqrt(2) / pi, 0.45.
    The root should cover both: sqrt(2 / pi), 0.798.""",
    ("sqrt(2 / math.pi)", "sqrt(2) / math.pi"))

turns_the_fraction_upside_down = edit("gelu", """The factor inside your tanh is sqrt(pi / 2),
    1.253: upside down. It should be sqrt(2 / pi), 0.798.""",
    ("2 / math.pi", "math.pi / 2"))

takes_numpys_root_of_two_alone = edit("gelu", """The factor inside your tanh is sqrt(2) / pi,
    0.45. The root should cover both: sqrt(2 / pi), 0.798.""",
    ("math.sqrt(2 / math.pi)", "np.sqrt(2) / np.pi"))

turns_the_fraction_under_numpys_root_upside_down = edit("gelu", """The factor inside your tanh is
    sqrt(pi / 2), 1.253: upside down. It should be sqrt(2 / pi), 0.798.""",
    ("math.sqrt(2 / math.pi)", "np.sqrt(np.pi / 2)"))

forgets_the_factor = edit("gelu", """The factor sqrt(2 / pi) is missing inside your tanh.""",
    ("math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)", "x + 0.044715 * x * x * x"),
    denies=True)

rounds_the_factor = edit("gelu", """The factor inside your tanh is a rounded sqrt(2 / pi), which
    limits how many digits of your answer are right. Let Python compute math.sqrt(2 / math.pi).""",
    ("math.sqrt(2 / math.pi)", "factor"),
    factor=(0.8, 0.798, 0.7979, 0.79788, 0.797885, 0.7980868844676221, 0.7978836279039113,
            0.7978848977752073, 0.7978, 0.79, 0.78))

has_another_factor = edit("gelu", """The factor inside your tanh is not sqrt(2 / pi), 0.798.
    Divide 2 by pi, and then take the square root.""",
    ("math.sqrt(2 / math.pi)", "factor"),
    factor=(2.5066282746310002, 1.2732395447351628, 0.7071067811865476, 0.5641895835477563))

forgets_the_cube = edit("gelu", """The cubic term is missing inside your tanh: 0.044715 x^3
    should be added to x.""",
    ("x + 0.044715 * x * x * x", "x"), denies=True)

squares_instead_of_cubing = edit("gelu", """Inside your tanh, x is squared. It should be cubed:
    x^3 keeps the sign of x.""",
    ("x * x", "x"), common=True)

multiplies_instead_of_cubing = edit("gelu", """You multiply 0.044715 by x, or by three x. It
    should be multiplied by x times x times x.""",
    ("x * x", "times"), times=(1, 3))

cubes_the_constant_too = edit("gelu", """You cube the constant along with x, and that leaves
    almost nothing. Only x should be cubed: 0.044715 * x**3.""",
    ("0.044715 * x * x * x", "(0.044715 * x) ** 3"), common=True)

cubes_the_whole_sum = edit("gelu", """You cube the whole sum x + 0.044715 x. Only the second x
    should be cubed: x + 0.044715 * x**3.""",
    ("x + 0.044715 * x * x * x", "(x + 0.044715 * x) ** 3"))

puts_the_constant_at_x = edit("gelu", """Your constant multiplies the wrong term: 0.044715
    belongs to the cube, and x should stand alone.""",
    ("x + 0.044715 * x", "0.044715 * x + x"))

forgets_the_constant = edit("gelu", """The factor 0.044715 is missing before your cube: x +
    0.044715 x^3.""",
    ("0.044715 * x", "x"), denies=True)

subtracts_the_cube = edit("gelu", """You subtract the cubic term. It should be added: x +
    0.044715 x^3.""",
    ("x +", "x -"))

leaves_the_cube_outside_the_bracket = edit("gelu", """Parentheses are missing inside your tanh:
    sqrt(2 / pi) multiplies x alone. It should multiply the whole of x + 0.044715 x^3.""",
    ("(x + 0.044715 * x * x * x)", "x + 0.044715 * x * x * x"), common=True, denies=True)

leaves_x_outside_the_bracket = edit("gelu", """Parentheses are missing inside your tanh: sqrt(2 /
    pi) multiplies the cube alone. It should multiply the whole of x + 0.044715 x^3.""",
    ("math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)",
     "x + math.sqrt(2 / math.pi) * 0.044715 * x * x * x"), denies=True)

takes_the_root_of_everything = edit("gelu", """Your root covers more than 2 / pi, and negative
    numbers have no root. It should end before the parentheses: math.sqrt(2 / math.pi) * (...).""",
    ("math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)",
     "np.sqrt(2 / math.pi * (x + 0.044715 * x * x * x))"))

closes_the_tanh_too_early = edit("gelu", """The parentheses of your tanh close too early: you
    take the tanh of sqrt(2 / pi) alone, times the rest. All of sqrt(2 / pi) * (x + ...) belongs
    inside.""",
    ("pi) * (x + 0.044715 * x * x * x)", "pi)) * (x + 0.044715 * x * x * x"))

divides_by_the_whole_sum = edit("gelu", """You divide by 1 + tanh(...). Multiply x / 2 by it.""",
    ("2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "(2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))))"))

mistypes_the_constant = edit("gelu", """Your constant before the cube has other digits. It should
    be 0.044715.""",
    ("0.044715 * x", "constant * x"),
    constant=(0.44715, 0.0044715, 0.04715, 0.0447, 0.04471, 0.0044, 0.045, 0.04, 0.044751,
              0.041715))

writes_a_power_as_in_mathematics = edit("gelu", """You write a power with `^`, which works on
    bits in Python. Write it as `x**3`.""",
    ("x * x * x", "x ^ 3"))

writes_a_power_in_brackets_as_in_mathematics = edit("gelu", """You write a power with `^`, which
    works on bits in Python. Write it as `x**3`.""",
    ("x * x * x", "(x ^ 3)"))
