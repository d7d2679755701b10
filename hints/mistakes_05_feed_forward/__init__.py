"""Wrong versions of lesson 5 that people really write, and what helps whoever wrote one.

Most are declared as what they change in the solution, so that two of them can be made
together; another algorithm is written out. What people choose differently is a name in the
new text, or a keyword-only argument; its usual values stand at the end.
"""

from hints.mistakes_05_feed_forward.block_calls import *  # noqa: F403
from hints.mistakes_05_feed_forward.block_masks import *  # noqa: F403
from hints.mistakes_05_feed_forward.block_norms import *  # noqa: F403
from hints.mistakes_05_feed_forward.block_parts import *  # noqa: F403
from hints.mistakes_05_feed_forward.block_streams import *  # noqa: F403
from hints.mistakes_05_feed_forward.feed_forward import *  # noqa: F403
from hints.mistakes_05_feed_forward.feed_forward_shapes import *  # noqa: F403
from hints.mistakes_05_feed_forward.gelu_formula import *  # noqa: F403
from hints.mistakes_05_feed_forward.gelu_numbers import *  # noqa: F403
from hints.mistakes_05_feed_forward.norm_axes import *  # noqa: F403
from hints.mistakes_05_feed_forward.norm_formula import *  # noqa: F403
from hints.mistakes_05_feed_forward.norm_numbers import *  # noqa: F403
from hints.mistakes_05_feed_forward.relu import *  # noqa: F403
