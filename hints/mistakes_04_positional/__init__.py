"""Wrong versions of lesson 4 that people really write, and what helps whoever wrote one.

Each is the solution with one thing changed, so that two of them can be made together.
A keyword-only argument holds a number that people choose differently; its usual values
stand in the decorator.
"""

from hints.mistakes_04_positional.add_positions import *  # noqa: F403
from hints.mistakes_04_positional.embed import *  # noqa: F403
from hints.mistakes_04_positional.past_the_end import *  # noqa: F403
from hints.mistakes_04_positional.position_numbers import *  # noqa: F403
from hints.mistakes_04_positional.powers import *  # noqa: F403
from hints.mistakes_04_positional.rotary_angles import *  # noqa: F403
from hints.mistakes_04_positional.rotary_axes import *  # noqa: F403
from hints.mistakes_04_positional.rotary_columns import *  # noqa: F403
from hints.mistakes_04_positional.rotary_kinds import *  # noqa: F403
from hints.mistakes_04_positional.rotary_numbers import *  # noqa: F403
from hints.mistakes_04_positional.rotary_pairs import *  # noqa: F403
from hints.mistakes_04_positional.sinusoidal_layout import *  # noqa: F403
from hints.mistakes_04_positional.sinusoidal_rates import *  # noqa: F403
