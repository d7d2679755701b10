"""Wrong versions of lesson 13 that people really write, and what helps whoever wrote one.

Nearly all are declared as what they change in the solution, so that two of them can be made
together.
"""

from hints.mistakes_13_fast_attention.attend_to_tile import *  # noqa: F403
from hints.mistakes_13_fast_attention.backward import *  # noqa: F403
from hints.mistakes_13_fast_attention.backward_causal import *  # noqa: F403
from hints.mistakes_13_fast_attention.causal import *  # noqa: F403
from hints.mistakes_13_fast_attention.combine import *  # noqa: F403
from hints.mistakes_13_fast_attention.finish import *  # noqa: F403
from hints.mistakes_13_fast_attention.tiled import *  # noqa: F403
