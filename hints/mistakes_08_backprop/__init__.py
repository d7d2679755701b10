"""Wrong versions of lesson 8 that people really write, and what helps whoever wrote one.

Nearly all are declared as what they change in the solution, so that two of them can be made
together.
"""

from hints.mistakes_08_backprop.attention_products import *  # noqa: F403
from hints.mistakes_08_backprop.attention_softmax import *  # noqa: F403
from hints.mistakes_08_backprop.block_norms import *  # noqa: F403
from hints.mistakes_08_backprop.block_paths import *  # noqa: F403
from hints.mistakes_08_backprop.feed_forward import *  # noqa: F403
from hints.mistakes_08_backprop.gpt_blocks import *  # noqa: F403
from hints.mistakes_08_backprop.gpt_tables import *  # noqa: F403
from hints.mistakes_08_backprop.heads import *  # noqa: F403
from hints.mistakes_08_backprop.heads_paths import *  # noqa: F403
