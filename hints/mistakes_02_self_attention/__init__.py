"""Wrong versions of lesson 2 that people really write, and what helps whoever wrote one.

Most are declared as what they change in the solution, so that two of them can be made
together; another algorithm is written out. What people choose differently is a name in the
new text, or a keyword-only argument; its usual values stand at the end.
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
