"""Wrong versions of lesson 6 that people really write, and what helps whoever wrote one.

Most are declared as what they change in the solution, so that two of them can be made
together; another algorithm is written out. What people choose differently is a name in the
new text, or a keyword-only argument; its usual values stand at the end.
"""

from hints.mistakes_06_transformer.block_calls import *  # noqa: F403
from hints.mistakes_06_transformer.block_slips import *  # noqa: F403
from hints.mistakes_06_transformer.cross_entropy import *  # noqa: F403
from hints.mistakes_06_transformer.cross_entropy_first import *  # noqa: F403
from hints.mistakes_06_transformer.cross_entropy_means import *  # noqa: F403
from hints.mistakes_06_transformer.cross_entropy_slips import *  # noqa: F403
from hints.mistakes_06_transformer.decoder_masks import *  # noqa: F403
from hints.mistakes_06_transformer.decoder_norms import *  # noqa: F403
from hints.mistakes_06_transformer.decoder_parts import *  # noqa: F403
from hints.mistakes_06_transformer.encoder_norms import *  # noqa: F403
from hints.mistakes_06_transformer.encoder_parts import *  # noqa: F403
from hints.mistakes_06_transformer.generate import *  # noqa: F403
from hints.mistakes_06_transformer.generate_answers import *  # noqa: F403
from hints.mistakes_06_transformer.generate_batches import *  # noqa: F403
from hints.mistakes_06_transformer.generate_new_tokens import *  # noqa: F403
from hints.mistakes_06_transformer.gpt_blocks import *  # noqa: F403
from hints.mistakes_06_transformer.gpt_embedding import *  # noqa: F403
from hints.mistakes_06_transformer.gpt_slips import *  # noqa: F403
from hints.mistakes_06_transformer.model_calls import *  # noqa: F403
from hints.mistakes_06_transformer.perplexity import *  # noqa: F403
from hints.mistakes_06_transformer.transformer_blocks import *  # noqa: F403
from hints.mistakes_06_transformer.transformer_embedding import *  # noqa: F403
from hints.mistakes_06_transformer.transformer_logits import *  # noqa: F403
from hints.mistakes_06_transformer.transformer_slips import *  # noqa: F403
