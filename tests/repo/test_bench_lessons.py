"""The pages and pictures of the benchmarks are right about made-up runs. No time decides."""


import numpy as np
import pytest
from rich.console import Group
from rich.text import Text

from benchmarks import bench_compare, why_loops_are_slow
from benchmarks.harness import keeping, main, report
from benchmarks.harness.results import SOLUTIONS, TWIN, YOUR
from benchmarks.harness.tensors import as_tensors
from tests.repo.benches import bench_file, made_up
from tests.runner.lessons.loading import load, loading_from, solutions
from tests.runner.screens.terminal import plain

LOOP, VECTORIZED, BEST = "loop", "vectorized", "best"
NANOSECONDS = {
    LOOP: 10_000,
    "rows": 60,
    VECTORIZED: 6.0,
    "reused": 4.0,
    "fast": 3.3,
    "products": 3.2,
    "PyTorch": 3.0,
    TWIN + LOOP: 9_000,
    TWIN + VECTORIZED: 5.0,
}  # for each pair of tokens
BYTES = {
    LOOP: lambda n: None if n > 64 else 700 * n,
    "rows": lambda n: 270 * n,
    "fast": lambda n: 2**20 + 270 * n,
    "PyTorch": lambda n: 520 * n,
}


def run_of_01(whose=YOUR, slower=1.0, best=2.7e-3, torch=True, einsum=False, **nanoseconds):
    """A run of bench-01 in which each call takes these nanoseconds per pair of tokens."""
    seconds = {}
    for n_threads in (1, 2):
        rungs = seconds["attention", "tokens", n_threads] = {}
        for rung, each in (NANOSECONDS | nanoseconds).items():
            loop = LOOP in rung or rung == "rows"
            twin = rung.startswith(TWIN)
            if loop and n_threads > 1 or rung == "PyTorch" and not torch or twin and whose != YOUR:
                continue
            rungs[rung] = {n: slower * each * 1e-9 * n**2 / n_threads + 4e-6
                           for n in (16, 256, 1024, 4096) if n <= 256 or LOOP not in rung}
        rungs[BEST] = {n: best / n_threads for n in (16, 256)}
    return keeping.read(
        made_up(
            seconds,
            whose,
            "attention, d = 64, float32",
            ("loop", "vectorized", "fast", "products"),
            {"einsum": einsum},
            lambda rung, size: BYTES.get(rung, lambda n: 4 * n**2)(size),
        )
    )


def page(name, run):
    return plain(report.page(run, bench_file(name).BENCH.page))


def drawn(name, run):
    return main.drawn(run, bench_file(name).BENCH.figure)()


def flowing(text):
    return " ".join(text.split())


def test_the_page_of_bench_01(golden):
    golden("bench_01", page("bench_01_attention", run_of_01()))


def test_a_vectorized_attention_that_is_a_loop_is_noticed(golden):
    run = run_of_01(SOLUTIONS, torch=False, vectorized=10_000)
    run.left_out.append("vectorized at 8,192 tokens was not measured: and so on.")
    text = page("bench_01_attention", run)
    golden("bench_01_slow", text.split("With one thread")[0])
    assert "was not measured: and so on." in text and "PyTorch" not in text


def test_einsum_is_noticed_if_it_is_slower_than_blas():
    text = flowing(page("bench_01_attention", run_of_01(einsum=True, vectorized=60.0)))
    assert (
        "np.einsum multiplies in compiled loops of its own" in text
        and "compiled code (BLAS)" not in text
    )
    assert "The solution's function, with @, takes 332 µs in the same turns." in text
    text = flowing(page("bench_01_attention", run_of_01(einsum=True)))
    assert "einsum" not in text and "compiled code (BLAS)" in text


def test_more_than_all_of_the_best_means_a_busy_machine():
    text = flowing(page("bench_01_attention", run_of_01(best=4e-3)))
    assert "PyTorch at 4,096 tokens is above 100 % of the best. So the large matrix product" in text
    assert "above 100 %" not in page("bench_01_attention", run_of_01())


def test_no_line_of_a_page_is_wider_than_a_terminal():
    text = page("bench_01_attention", run_of_01(slower=1000)) + plain(
        bench_compare.page([run_of_01(slower=100)] * 2), 200
    )
    assert max(map(len, text.splitlines())) <= 80


def test_a_run_of_few_rows_makes_a_page_and_a_picture(tmp_path):
    run = run_of_01()
    for rung in (LOOP, "products"):
        few = keeping.read(
            {
                **vars(run),
                "rows": [row for row in run.rows if row["rung"] == rung and row["size"] == 16],
            }
        )
        assert rung in page("bench_01_attention", few)
        drawn("bench_01_attention", few).savefig(tmp_path / "picture.png")


def test_every_rung_of_bench_01_computes_the_same():
    bench = bench_file("bench_01_attention")
    attention = load("kata_01_attention", solutions)["kata_01_attention"].attention
    q, k, v = np.random.default_rng(0).normal(size=(3, 64, 32)).astype(np.float32)
    rungs = bench.BENCH.ladders[0].usable
    assert set(rungs) >= {LOOP, "rows", VECTORIZED, "reused", "fast", "products"}
    for name, rung in rungs.items():
        if name == BEST:
            continue
        arguments = map(bench.torch.from_numpy, (q, k, v)) if rung.tensors else (q, k, v)
        options = {"workers": 2} if rung.workers else {}
        found = rung.function(*arguments, **options)
        if rung.prepares:
            found(), (found := found())  # scratch memory is used a second time
        expected = q @ k.T @ v if name == "products" else attention(q, k, v)
        np.testing.assert_allclose(
            np.asarray(found).reshape(expected.shape), expected, rtol=1e-4, atol=1e-5, err_msg=name
        )


def run_of_03(tokens=(62e-3, 136e-3), heads=(1.09e-3, 230e-6), twin=None, **notes):
    """A run of bench-03: (seconds of the loop, of batched), at 1,024 tokens and with 96 heads."""
    both = {"heads on 16 tokens": {1: (62e-6, 64e-6), 12: (174e-6, 84e-6), 96: heads},
            "12 heads": {4: (123e-6, 34e-6), 16: (174e-6, 84e-6), 1024: tokens}}
    seconds = {
        (name, "heads" if "on" in name else "tokens", 1): {
            rung: {size: pair[nth] for size, pair in sizes.items()}
            for nth, rung in enumerate((LOOP, "batched"))
        }
        for name, sizes in both.items()
    }
    if twin:
        seconds["12 heads", "tokens", 1][TWIN + "batched"] = {1024: twin}
    return keeping.read(
        made_up(
            seconds,
            YOUR,
            "multi-head attention, d_model = 192, float32",
            ("batched", LOOP),
            notes,
            lambda rung, size: {LOOP: 1200}.get(rung, 12_000) * size,
        )
    )


def test_the_page_of_bench_03(golden):
    golden("bench_03", page("bench_03_multi_head", run_of_03()))


def test_heads_that_are_a_loop_are_noticed():
    text = flowing(page("bench_03_multi_head", run_of_03((62e-3, 60e-3), (1.09e-3, 1.1e-3))))
    assert "Does your multi_head_attention go through a loop" in text
    assert "from 3.6 at 4 tokens to 1.0 at 1,024" in text and "the faster one" not in text


@pytest.mark.parametrize("twin, einsum, memory, own, blas", [
    (None, True, True, False, False), (130e-3, True, True, False, False),
    (60e-3, False, False, True, False), (60e-3, True, False, True, True)])
def test_memory_is_the_reason_only_if_the_solution_is_as_slow(twin, einsum, memory, own, blas):
    text = flowing(page("bench_03_multi_head", run_of_03(twin=twin, einsum=einsum)))
    assert ("the table of one head at a time" in text) == memory
    assert ("takes 60.0 ms in the same turns, yours 2.27 times as long" in text) == own
    assert ("np.einsum multiplies in compiled loops" in text) == blas


def test_the_picture_of_bench_03_has_three_panels():
    figure = drawn("bench_03_multi_head", run_of_03())
    assert [axes.get_xlabel() for axes in figure.axes] == ["heads", "tokens", "tokens"]


def test_both_rungs_of_bench_03_compute_the_same():
    rng = np.random.default_rng(0)
    x, matrices = rng.normal(size=(5, 12)), rng.normal(size=(4, 12, 12))
    np.testing.assert_allclose(
        *(rung(x, *matrices, 3) for rung in bench_file("bench_03_multi_head").WAYS.values())
    )


def run_of_06(torch=True, speeds=((0.5e-3, 0.6e-3), (80e-3, 60e-3))):
    """A run of bench-06: seconds of a step with 4 and with 512 tokens, in NumPy and in PyTorch."""
    both = {rung: {size: pair[nth] for size, pair in zip((4, 512), speeds)}
            for nth, rung in enumerate(("NumPy", "PyTorch")[: 1 + torch])}
    bench = bench_file("bench_06_transformer").BENCH
    return keeping.read(
        made_up(
            {("generate", "tokens", 1): both},
            YOUR,
            bench.title,
            (),
            bench.notes,
            lambda rung, size: 1000 * size,
        )
    )


def test_the_page_of_bench_06(golden):
    golden("bench_06", page("bench_06_transformer", run_of_06()))


def test_without_pytorch_bench_06_has_no_ratio():
    text = page("bench_06_transformer", run_of_06(torch=False))
    assert "ratio" not in text and "PyTorch" not in text


@pytest.mark.parametrize(("few", "many", "fused", "loop"), [
    (0.8, 0.7, False, False), (0.8, 0.3, True, False), (0.2, 0.1, True, True)])
def test_the_words_about_pytorch_follow_from_the_ratios(few, many, fused, loop):
    run = run_of_06(speeds=((1e-3, few * 1e-3), (0.1, many * 0.1)))
    text = flowing(page("bench_06_transformer", run))
    assert f"{few:.2f} at 4 tokens, {many:.2f} at 512" in text
    assert ("piece by piece" in text) == fused and ("go through a loop" in text) == loop


def test_a_step_multiplies_as_often_as_the_page_says():
    bench = bench_file("bench_06_transformer")
    # by hand, for 2 tokens: in each of 3 blocks 12 * 48 * 48 for each token, and 2 * 2 * 2 * 48
    # for scores and blend
    assert bench.multiplications(2, 2) == 3 * (2 * 27_648 + 384) + 2 * 48 * 27
    assert bench.multiplications(2, 1) == 3 * (27_648 + 192) + 48 * 27


def test_two_runs_are_shown_side_by_side(golden):
    runs = [run_of_01(SOLUTIONS), run_of_01(vectorized=12.0), run_of_01(slower=2.0)]
    pages = [
        bench_compare.page(runs),
        Text("-" * 80),
        bench_compare.page([run_of_01(vectorized=12.0)]),
        Text("-" * 80),
        bench_compare.page([run_of_03()]),
    ]
    golden("bench_compare", plain(Group(*pages)))


def test_the_page_of_why_loops_are_slow(golden):
    seconds = (0.4, 0.07, 6e-3, 0.2e-3, 0.05e-3)
    steps = {name: {128: one} for name, one in zip(why_loops_are_slow.STEPS, seconds)}
    memory = {
        name: {4096: one} for name, one in zip(why_loops_are_slow.MEMORY, (12.4e-3, 6e-3, 2.1e-3))
    }
    run = made_up(
        {("Q K^T", "tokens", 1): steps, ("a subtraction", "rows", 1): memory}, "", "steps"
    )
    golden("why_loops_are_slow", plain(report.page(keeping.read(run), why_loops_are_slow.page)))


def test_every_step_of_why_loops_are_slow_computes_the_scores():
    q, k = np.random.default_rng(0).normal(size=(2, 5, 9))
    for function, _ in why_loops_are_slow.STEPS.values():
        np.testing.assert_allclose(function(q, k), q @ k.T)


def test_the_ladder_has_lesson_13s_tiles_once_they_are_written(tmp_path):
    bench = bench_file("bench_01_attention")
    assert "tiled" in bench.BENCH.ladders[0].rungs
    stub = "def tiled_attention(q, k, v, tile=64):\n    raise NotImplementedError\n"
    (tmp_path / "kata_13_fast_attention.py").write_text(stub)
    with loading_from(lambda name: tmp_path):
        assert bench.tiled() == {}


def run_of_13():
    """A run of bench-13 in which every call takes as long as its rung's number says."""
    bench = bench_file("bench_13_fast_attention").BENCH
    each = {"tiled": 1.5, "fast": 1.2, "PyTorch": 1.0, "parts": 1.1, "products": 0.8}
    seconds = {}
    for ladder in bench.ladders:
        half = 0.55 if "causal" in ladder.name else 1
        for n_threads in (1, 2) if ladder.threads else (1,):
            seconds[ladder.name, "tokens", n_threads] = {
                rung: {n: half * each[rung] * (n / 1e4) ** 2 / n_threads for n in ladder.sizes}
                for rung in each if rung in ladder.rungs}
    return keeping.read(made_up(seconds, YOUR, bench.title, ("tiled", "fast"),
                                n_bytes=lambda rung, size: 300 * size))


def test_the_page_of_bench_13_names_both_floors_and_what_the_future_saves():
    text = page("bench_13_fast_attention", run_of_13())
    assert max(map(len, text.splitlines())) <= 80
    text = flowing(text)
    assert "8,192 1.01 s" in text and "1.25 1.20" in text  # tiled beside fast, fast beside PyTorch
    assert ("Forward, one thread, 8,192 tokens: the fast version takes 1.09 times as long as its "
            "own steps, each by itself over and over (parts) and 1.50 times as long as the two "
            "matrix products alone") in text
    assert "the backward pass takes this share of the time without a mask: 0.55 (tiled)" in text
    assert ("fast holds 2.34 MiB at 8,192 tokens, 2.0 times as much as at 4,096: 2.0 times as "
            "many tokens, and a table of all scores would be 4.0 times as large.") in text


def test_every_rung_of_bench_13_computes_the_same():
    for ladder in bench_file("bench_13_fast_attention").BENCH.ladders:
        arguments, found = ladder.arguments(70), {}
        for name, rung in ladder.usable.items():
            if name in ("parts", "products"):
                continue
            given = as_tensors(arguments) if rung.tensors else arguments
            call = rung.function(*given, **({"workers": 2} if rung.workers else {}))
            found[name] = call() if rung.prepares else call
        backward = "backward" in ladder.name
        expected = found["fast"] if backward else (found["fast"],)
        assert "tiled" in found and all(np.abs(one).max() > 0.01 for one in expected)
        for name, several in found.items():
            several = several if backward or name == "tiled" else (several,)
            for one, other in zip(several, expected):
                np.testing.assert_allclose(
                    np.asarray(one).reshape(other.shape), other, rtol=1e-3, atol=1e-5, err_msg=name)


def run_of_12():
    """A run of bench-12 on a machine where two threads are twice as quick as one."""
    seconds = {("loading the model", "models", 1): {"NumPy": {1: 1.2}}}
    for n_threads in (1, 2):
        token = {"weights read once": 0.032, "NumPy": 0.040, "transformers": 0.088}
        prompt = {"NumPy": 0.004, "transformers": 0.005}  # for each token of it
        seconds["one more token", "tokens", n_threads] = {
            rung: {n: each / n_threads for n in (80, 500)} for rung, each in token.items()}
        seconds["a prompt", "tokens", n_threads] = {
            rung: {n: n * each / n_threads for n in (30, 500)} for rung, each in prompt.items()}
    return keeping.read(made_up(seconds, SOLUTIONS, "llama, SmolLM2-135M-Instruct, float32",
                                n_bytes=lambda rung, size: 600 * 2**20))


def test_the_page_of_bench_12_says_what_a_token_costs_and_why():
    text = page("bench_12_modern_llm", run_of_12())
    assert max(map(len, text.splitlines())) <= 80
    text = flowing(text)
    assert ("With 2 threads it makes 50 tokens a second after 80 others, 0.80 of what could be if "
            "each weight were read from memory once") in text
    assert "transformers takes 2.20 times as long for a token" in text
    assert "For a prompt of 500 tokens transformers takes 1.25 times as long." in text
    assert "Loading the model takes 1.20 s, and at most 600 MiB on the way." in text
