"""Wrong versions of lesson 1 that people really write, and what helps whoever wrote one.

Most are declared as what they change in the solution, so that two of them can be made
together; another algorithm is written out. What people choose differently is a name in the
new text, or a keyword-only argument; its usual values stand at the end.
"""

from hints.mistakes_01_attention.attend_one import *  # noqa: F403
from hints.mistakes_01_attention.attend_slips import *  # noqa: F403
from hints.mistakes_01_attention.attention import *  # noqa: F403
from hints.mistakes_01_attention.attention_scores import *  # noqa: F403
from hints.mistakes_01_attention.loop_bookkeeping import *  # noqa: F403
from hints.mistakes_01_attention.loop_scores import *  # noqa: F403
from hints.mistakes_01_attention.loop_slips import *  # noqa: F403
from hints.mistakes_01_attention.loop_sums import *  # noqa: F403
from hints.mistakes_01_attention.masks import *  # noqa: F403
from hints.mistakes_01_attention.scores_axes import *  # noqa: F403
from hints.mistakes_01_attention.scores_slips import *  # noqa: F403
from hints.mistakes_01_attention.softmax_axes import *  # noqa: F403
from hints.mistakes_01_attention.softmax_overflow import *  # noqa: F403
from hints.mistakes_01_attention.softmax_shares import *  # noqa: F403
from hints.mistakes_01_attention.softmax_slips import *  # noqa: F403
from hints.mistakes_01_attention.weights import *  # noqa: F403
