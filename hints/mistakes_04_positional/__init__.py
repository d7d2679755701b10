"""Wrong versions of lesson 4 that people really write, and what helps whoever wrote one.

Most are declared as what they change in the solution, so that two of them can be made
together; another algorithm is written out. What people choose differently is a name in the
new text, or a keyword-only argument; its usual values stand at the end.
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
