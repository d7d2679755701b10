"""Wrong versions of lesson 9 that people really write, and what helps whoever wrote one.

Nearly all are declared as what they change in the solution, so that two of them can be made
together.
"""

from hints.mistakes_09_training.adamw_decay import *  # noqa: F403
from hints.mistakes_09_training.adamw_means import *  # noqa: F403
from hints.mistakes_09_training.clip_gradients import *  # noqa: F403
from hints.mistakes_09_training.get_batch import *  # noqa: F403
from hints.mistakes_09_training.held_out_loss import *  # noqa: F403
from hints.mistakes_09_training.init_gpt import *  # noqa: F403
from hints.mistakes_09_training.learning_rate import *  # noqa: F403
from hints.mistakes_09_training.train_step import *  # noqa: F403
from hints.mistakes_09_training.tree_map import *  # noqa: F403
