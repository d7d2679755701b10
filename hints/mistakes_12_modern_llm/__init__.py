"""Wrong versions of lesson 12 that people really write, and what helps whoever wrote one.

Nearly all are declared as what they change in the solution, so that two of them can be made
together.
"""

from hints.mistakes_12_modern_llm.chat_prompt import *  # noqa: F403
from hints.mistakes_12_modern_llm.dequantize_q4_1 import *  # noqa: F403
from hints.mistakes_12_modern_llm.dequantize_q8_0 import *  # noqa: F403
from hints.mistakes_12_modern_llm.grouped_cache import *  # noqa: F403
from hints.mistakes_12_modern_llm.grouped_heads import *  # noqa: F403
from hints.mistakes_12_modern_llm.llama import *  # noqa: F403
from hints.mistakes_12_modern_llm.llama_block import *  # noqa: F403
from hints.mistakes_12_modern_llm.rms_norm import *  # noqa: F403
from hints.mistakes_12_modern_llm.silu import *  # noqa: F403
from hints.mistakes_12_modern_llm.swiglu import *  # noqa: F403
