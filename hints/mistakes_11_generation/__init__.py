"""Wrong versions of lesson 11 that people really write, and what helps whoever wrote one.

Nearly all are declared as what they change in the solution, so that two of them can be made
together.
"""

from hints.mistakes_11_generation.accept_draft import *  # noqa: F403
from hints.mistakes_11_generation.cached_attention import *  # noqa: F403
from hints.mistakes_11_generation.cached_gpt import *  # noqa: F403
from hints.mistakes_11_generation.draw import *  # noqa: F403
from hints.mistakes_11_generation.probabilities import *  # noqa: F403
from hints.mistakes_11_generation.sample import *  # noqa: F403
from hints.mistakes_11_generation.top_k import *  # noqa: F403
from hints.mistakes_11_generation.top_p import *  # noqa: F403
