"""Wrong versions of lesson 7 that people really write, and what helps whoever wrote one.

Nearly all are declared as what they change in the solution, so that two of them can be made
together. A number that people choose differently is a name in the new text; its usual
values stand at the end.
"""

from hints.mistakes_07_gradients.cross_entropy import *  # noqa: F403
from hints.mistakes_07_gradients.embedding import *  # noqa: F403
from hints.mistakes_07_gradients.gelu import *  # noqa: F403
from hints.mistakes_07_gradients.layer_norm import *  # noqa: F403
from hints.mistakes_07_gradients.layer_norm_shared import *  # noqa: F403
from hints.mistakes_07_gradients.linear import *  # noqa: F403
from hints.mistakes_07_gradients.numerical import *  # noqa: F403
from hints.mistakes_07_gradients.softmax import *  # noqa: F403
