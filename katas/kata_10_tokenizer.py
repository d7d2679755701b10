"""Lesson 10: a tokenizer, from text to ids and back: byte-level byte-pair encoding, as in GPT-2.

You build six functions:

    count_pairs  how often each two ids stand side by side
    merge_pair   one id in place of two
    train_bpe    the merges that a text asks for, the most frequent pair first
    vocabulary   the bytes of every token
    encode       from text to ids
    decode       from ids to text

An id below 256 is that byte. Merge i joins two tokens into one, whose id is 256 + i. A text is
cut into words first, and no token reaches over the end of a word. How it is cut is a given
pattern, WORD: the pieces of WORD.findall(text), joined, are the text, every blank included.
No function changes its arguments. The lesson is katas/lesson_10_tokenizer.md.
"""

import re
from collections import Counter
from itertools import pairwise

# Of Unicode's numbers, `re` knows the decimal digits. These are the others: ² ½ Ⅷ ① and so on.
# (Some of ancient scripts, above 2**16, are left out: they would make the pattern slow.)
OTHER_NUMBERS = "".join(sign for sign in map(chr, range(2**16)) if sign.isnumeric()
                        and not sign.isdecimal() and not sign.isalpha())

# The rule of GPT-2 for what is a word. As in SmolLM2, each digit is a word of its own.
WORD = re.compile(rf"""
    '(?:s|t|re|ve|m|ll|d)                 # an English ending, as in "it's" and "we'll"
  | [ ]?[^\W_\d{OTHER_NUMBERS}]+          # letters, with the blank in front of them
  | [\d{OTHER_NUMBERS}]                   # one digit
  | [ ]?(?:[^\w\s]|_)+                    # other signs, with the blank in front of them
  | \s+(?![^\s\d{OTHER_NUMBERS}])         # white space, but for a last blank before a word
  | \s+                                   # what is left of it
""", re.VERBOSE)


def count_pairs(words):
    """Count how often each two ids stand side by side.

    words:   a dict {tuple of ids: how often the word comes}
    returns: a dict {pair: how often it comes}, a pair being a tuple of two ids

    Pairs may overlap: three equal ids in a row are two pairs. (Some tokenizers count them as
    one: that is another convention.)

    >>> count_pairs({(104, 97, 104, 97): 3, (97, 97, 97): 1})
    {(104, 97): 6, (97, 104): 3, (97, 97): 2}

    Source: Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with
    Subword Units", algorithm 1.
    """
    raise NotImplementedError  # about 5 lines


def merge_pair(ids, pair, new_id):
    """Put one id in place of a pair, from left to right, without overlap.

    ids:     a tuple of ids
    pair:    a tuple of two ids
    new_id:  the id that stands for both
    returns: a tuple of ids

    >>> merge_pair((104, 97, 104, 97), (104, 97), 256)
    (256, 256)
    >>> merge_pair((97, 97, 97), (97, 97), 256)
    (256, 97)

    Source: Sennrich, Haddow and Birch 2016, algorithm 1.
    """
    raise NotImplementedError  # about 9 lines


def train_bpe(text, n_merges):
    """Learn merges from a text: join the most frequent pair of ids, and again.

    text:     a string, cut into words by WORD; each word begins as its UTF-8 bytes
    n_merges: how many merges to learn; fewer, if no pair is left
    returns:  a list of pairs; merge i makes the id 256 + i

    Of equally frequent pairs the smallest comes first: tuples compare from the left. (Others
    take the one that was seen first: another convention.)

    >>> train_bpe("the cat sat on the mat", 3)
    [(97, 116), (104, 101), (116, 257)]

    Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners" (GPT-2),
    section 2.2, for bytes in place of letters.
    """
    raise NotImplementedError  # about 8 lines


def vocabulary(merges):
    """Say which bytes each token stands for.

    merges:  a list of pairs of ids, as train_bpe returns it
    returns: a list of 256 + len(merges) byte strings; entry i is token i

    >>> vocabulary([(97, 116), (104, 256)])[255:]
    [b'\\xff', b'at', b'hat']

    Source: Radford et al. 2019, section 2.2.
    """
    raise NotImplementedError  # about 4 lines


def encode(text, merges, special=None):
    """Turn a text into ids.

    text:    a string
    merges:  a list of pairs of ids, as train_bpe returns it
    special: a dict {text: id}, texts that are one token wherever they stand; of two that begin
             at the same place the longest counts
    returns: a list of ids

    Within a word, the merge that was learned first is made first, wherever it stands; it is not
    the longest token that counts.

    >>> encode("that hat", [(97, 116), (104, 256)])
    [116, 257, 32, 257]
    >>> encode("hat<end>", [(97, 116), (104, 256)], {"<end>": 258})
    [257, 258]

    Source: Sennrich, Haddow and Birch 2016, section 3.2; Radford et al. 2019, section 2.2.
    """
    raise NotImplementedError  # about 17 lines


def decode(ids, merges, special=None):
    """Turn ids into a text.

    ids:     integers, in a list or an array
    merges:  a list of pairs of ids, as train_bpe returns it
    special: a dict {text: id}, as for encode
    returns: a string

    The bytes of all tokens are joined first, as a character may be cut in the middle; bytes that
    are no UTF-8 then become U+FFFD, as with errors="replace".

    >>> decode([116, 257, 32, 257], [(97, 116), (104, 256)])
    'that hat'
    >>> decode([0xC3, 0xA9], [])
    'é'

    Source: Radford et al. 2019, section 2.2.
    """
    raise NotImplementedError  # about 3 lines
