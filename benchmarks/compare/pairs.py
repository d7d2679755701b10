"""All pairs, by the kata whose functions they compare."""

from benchmarks.compare import lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06

PAIRS = {
    "kata_01_attention": lesson_01.PAIRS,
    "kata_02_self_attention": lesson_02.PAIRS,
    "kata_03_multi_head": lesson_03.PAIRS,
    "kata_04_positional": lesson_04.PAIRS,
    "kata_05_feed_forward": lesson_05.PAIRS,
    "kata_06_transformer": lesson_06.PAIRS,
}
