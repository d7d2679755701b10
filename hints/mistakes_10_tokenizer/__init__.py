"""Wrong versions of lesson 10 that people really write, and what helps whoever wrote one.

Nearly all are declared as what they change in the solution, so that two of them can be made
together.
"""

from hints.mistakes_10_tokenizer.decode import *  # noqa: F403
from hints.mistakes_10_tokenizer.encode_merges import *  # noqa: F403
from hints.mistakes_10_tokenizer.encode_special import *  # noqa: F403
from hints.mistakes_10_tokenizer.pairs import *  # noqa: F403
from hints.mistakes_10_tokenizer.training import *  # noqa: F403
from hints.mistakes_10_tokenizer.vocabulary import *  # noqa: F403
