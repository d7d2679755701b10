"""Wrong versions of lesson 3 that people really write, and what helps whoever wrote one.

Most are declared as what they change in the solution, so that two of them can be made
together; another algorithm is written out. What people choose differently is a name in the
new text, or a keyword-only argument; its usual values stand at the end.
"""

from hints.mistakes_03_multi_head.attention_maps import *  # noqa: F403
from hints.mistakes_03_multi_head.heads import *  # noqa: F403
from hints.mistakes_03_multi_head.loops import *  # noqa: F403
from hints.mistakes_03_multi_head.maps_answers import *  # noqa: F403
from hints.mistakes_03_multi_head.maps_masks import *  # noqa: F403
from hints.mistakes_03_multi_head.masks import *  # noqa: F403
from hints.mistakes_03_multi_head.maps_products import *  # noqa: F403
from hints.mistakes_03_multi_head.memory import *  # noqa: F403
from hints.mistakes_03_multi_head.merge_heads import *  # noqa: F403
from hints.mistakes_03_multi_head.merge_slips import *  # noqa: F403
from hints.mistakes_03_multi_head.one_sequence import *  # noqa: F403
from hints.mistakes_03_multi_head.projections import *  # noqa: F403
from hints.mistakes_03_multi_head.refusals import *  # noqa: F403
from hints.mistakes_03_multi_head.split_axes import *  # noqa: F403
from hints.mistakes_03_multi_head.split_columns import *  # noqa: F403
from hints.mistakes_03_multi_head.widths import *  # noqa: F403
