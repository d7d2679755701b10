"""The lessons' benchmarks run, as a reader runs them. No time decides."""

import json
import re
import runpy

import pytest

from benchmarks import bench_compare
from benchmarks.harness import keeping
from benchmarks.harness.results import TWIN
from tests.repo import tiny_llama
from tests.repo.test_bench_lessons import BEST, LOOP, VECTORIZED
from tests.runner.lessons.catalog import KATAS, ROOT

QUICK = {"BENCH_TURNS": "2", "OPENBLAS_NUM_THREADS": "2"}


def test_bench_01_measures_the_solution_while_the_kata_is_a_stub(project):
    status, screen = project.make("bench", "01", BENCH_TOKENS="16", **QUICK)
    assert status == 0, screen
    assert "The solution's attention, d = 64" in screen and "\x1b" not in screen
    folder = project.root / ".kata-benchmarks"
    run = only_run(folder / "01_attention")
    measured = {(row["rung"], row["threads"]) for row in run.rows if row["rung"] != "PyTorch"}
    both = {VECTORIZED, "reused", "tiled", "fast", "products", BEST}
    assert measured == {(LOOP, 1), ("rows", 1)} | {(rung, n) for rung in both for n in (1, 2)}
    assert all(row["peak_bytes"] and min(row["seconds"]) > 0 for row in run.rows)
    assert (folder / "01_attention.png").read_bytes().startswith(b"\x89PNG")


def only_run(folder):
    (file,) = folder.glob("*.json")
    return keeping.read(json.loads(file.read_text(encoding="utf-8")))


FAILS = """
solution = attention

def attention(q, k, v, mask=None):
    print("the cat sat on the mat")
    if q.shape[-2] == 16:
        raise ValueError("too many cats")
    return solution(q, k, v, mask)
"""


def test_bench_01_on_the_readers_code_and_then_bench_compare(project):
    assert project.make("bench", "compare") == (1, f"{bench_compare.NOTHING}\n")
    project.write("kata_01_attention", project.solution() + FAILS)
    status, screen = project.make("bench", "01", BENCH_TOKENS="16", **QUICK)
    assert status == 0, screen
    assert "Your attention, d = 64" in screen and "the cat sat" not in screen
    assert "vectorized at 16 tokens raised ValueError: too many cats." in screen
    rungs = {
        row["rung"] for row in only_run(project.root / ".kata-benchmarks" / "01_attention").rows
    }
    assert {TWIN + LOOP, TWIN + VECTORIZED} <= rungs and VECTORIZED not in rungs
    status, screen = project.make("bench", "compare")
    assert status == 0 and "Last: your functions" in screen and "Solution: the solution's" in screen


def test_bench_compare_is_about_the_benchmark_that_ran_last(project):
    status, screen = project.make("bench", "03", BENCH_TOKENS="8", **QUICK)
    assert status == 0, screen
    assert "The solution's 12 heads, d_model = 192, float32" in screen and "\x1b" not in screen
    folder = project.root / ".kata-benchmarks"
    sweep = only_run(folder / "03_multi_head").sweep("12 heads")
    assert sweep.sizes == [4, 8] and sweep.rungs == [LOOP, "batched"]
    assert (folder / "03_multi_head.png").read_bytes().startswith(b"\x89PNG")
    status, screen = project.make("bench", "compare")
    assert status == 0 and "multi-head attention, d_model = 192, float32: 12 heads" in screen


@pytest.mark.slow
def test_bench_06_measures_the_solution_while_the_kata_is_a_stub(project):
    status, screen = project.make("bench", "06", BENCH_TOKENS="8", **QUICK)
    assert status == 0, screen
    assert "The solution's generate with the mini-GPT: 3 blocks" in screen and "\x1b" not in screen
    folder = project.root / ".kata-benchmarks"
    ours = only_run(folder / "06_transformer").sweep("generate").of("NumPy")
    assert [row.size for row in ours] == [4, 8] and all(row.peak_bytes for row in ours)
    assert (folder / "06_transformer.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_bench_08_measures_the_solution_beside_the_fast_version(project):
    status, screen = project.make("bench", "08", BENCH_TOKENS="4", **QUICK)
    assert status == 0, screen
    assert "The solution's loss and gradients of the mini-GPT" in screen and "\x1b" not in screen
    assert "the solution's loss alone takes" in " ".join(screen.split())
    folder = project.root / ".kata-benchmarks"
    sweep = only_run(folder / "08_backprop").sweep("gpt_gradients").without("PyTorch")
    assert sweep.sizes == [4] and sweep.rungs == ["NumPy", "fast"]
    assert (folder / "08_backprop.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_bench_09_measures_steps_and_what_the_optimizer_takes(project):
    status, screen = project.make("bench", "09", BENCH_TOKENS="4", **QUICK)
    assert status == 0, screen
    assert "The solution's steps of training the mini-GPT" in screen and "\x1b" not in screen
    assert "clipping and AdamW are" in " ".join(screen.split())
    found = only_run(project.root / ".kata-benchmarks" / "09_training")
    assert found.sweep("train_step").without("PyTorch").rungs == ["NumPy", "fast"]
    assert found.sweep("clipping and AdamW alone").without("PyTorch").rungs == ["NumPy"]


@pytest.mark.slow
def test_bench_11_measures_with_the_cache_and_without(project):
    status, screen = project.make("bench", "11", BENCH_TOKENS="10", **QUICK)
    assert status == 0, screen
    assert "The solution's next token of the mini-GPT" in screen and "\x1b" not in screen
    assert "the cache makes one more" in " ".join(screen.split())
    folder = project.root / ".kata-benchmarks"
    sweep = only_run(folder / "11_generation").sweep("one more token").without("PyTorch")
    assert sweep.sizes == [10] and sweep.rungs == ["no cache", "NumPy", "fast"]
    assert (folder / "11_generation.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_bench_13_measures_tiles_beside_the_fast_version(project):
    status, screen = project.make(
        "bench", "13", BENCH_TOKENS="256", BENCH_CLOCK="processor", **QUICK)
    assert status == 0, screen
    assert "The solution's attention in tiles, d = 64" in screen and "\x1b" not in screen
    assert "with one thread, in processor time." in " ".join(screen.split())
    folder = project.root / ".kata-benchmarks"
    found = only_run(folder / "13_fast_attention")
    assert found.sweep("forward").without("PyTorch").rungs == ["tiled", "fast", "parts", "products"]
    for ladder in found.ladders:
        assert found.sweep(ladder).without("PyTorch").rungs[:2] == ["tiled", "fast"]
        assert found.sweep(ladder).sizes == [256]
    assert (folder / "13_fast_attention.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_bench_10_measures_the_solution_beside_the_counts_kept(project):
    status, screen = project.make("bench", "10", **QUICK)
    assert status == 0, screen
    assert "The solution's byte-pair encoding on the text of the lessons" in screen
    assert "times as long as keeping the counts" in " ".join(screen.split())
    folder = project.root / ".kata-benchmarks"
    found = only_run(folder / "10_tokenizer")
    sweep = found.sweep("train_bpe, 100 merges").without("tokenizers")
    assert sweep.rungs == ["recounting", "counts kept"] and sweep.sizes == [8000, 32000, 128000]
    assert found.sweep("encode, 2,000 merges").without("tokenizers").rungs == [
        "word by word", "remembered"]
    assert (folder / "10_tokenizer.png").read_bytes().startswith(b"\x89PNG")


def test_the_benchmark_in_the_readme_runs(project):
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    text = re.search(r"For example, all of it:\n\n```py\n(.*?)```", readme, re.DOTALL)[1]
    (project.root / "benchmarks" / "bench_07_gradients.py").write_text(text, encoding="utf-8")
    status, screen = project.make("bench", "07", BENCH_TOKENS="64", **QUICK)
    assert status == 0, screen
    assert "The solution's gradients, d_model = 256" in screen
    assert only_run(project.root / ".kata-benchmarks" / "07_gradients").sweep(
        "layer_norm_backward"
    ).sizes == [64]


@pytest.mark.slow
def test_bench_12_measures_a_model_that_is_here(project, tmp_path):
    pytest.importorskip("gguf", reason="needs gguf, which `make chat` installs")
    letters = runpy.run_path(str(KATAS / "smollm2" / "tokenizer.py"))["byte_letters"]
    tiny_llama.write(tmp_path / "tiny.gguf", letters)
    status, screen = project.make("bench", "12", MODEL=str(tmp_path / "tiny.gguf"),
                                  XDG_CACHE_HOME=str(tmp_path), **QUICK)
    assert status == 0, screen
    found = only_run(project.root / ".kata-benchmarks" / "12_modern_llm")
    assert found.sweep("one more token").rungs[:2] == ["weights read once", "NumPy"]
    assert found.sweep("a prompt").sizes == [30, 500]
    assert "tokens a second after 80 others" in " ".join(screen.split())


def test_bench_12_without_a_model_is_one_sentence(project, tmp_path):
    status, screen = project.make("bench", "12", XDG_CACHE_HOME=str(tmp_path))
    assert status == 1 and "The model is not here yet: `make chat` downloads it." in screen
