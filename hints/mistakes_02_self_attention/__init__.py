"""Wrong versions of lesson 2 that people really write, and what helps whoever wrote one.

Each is the solution with one thing changed, so that two of them can be made together.
Most functions here are one line, so many mistakes are about which array goes where.
"""

from hints.mistakes_02_self_attention.causal_mask import *  # noqa: F403
from hints.mistakes_02_self_attention.causal_self_attention import *  # noqa: F403
from hints.mistakes_02_self_attention.cross_attention import *  # noqa: F403
from hints.mistakes_02_self_attention.cross_masks import *  # noqa: F403
from hints.mistakes_02_self_attention.padding_mask import *  # noqa: F403
from hints.mistakes_02_self_attention.projections import *  # noqa: F403
from hints.mistakes_02_self_attention.projections_mixed_up import *  # noqa: F403
from hints.mistakes_02_self_attention.self_attention import *  # noqa: F403
from hints.mistakes_02_self_attention.self_masks import *  # noqa: F403
from hints.mistakes_02_self_attention.slips import *  # noqa: F403
