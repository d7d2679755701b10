"""`make chat` as it is typed, with a tiny model of random weights: what it says is nonsense."""

import os
import runpy
import signal
import subprocess
import sys
import time

import pytest

from tests.repo import tiny_llama
from tests.repo.terminal import Terminal
from tests.runner.lessons.catalog import KATAS

pytest.importorskip("gguf", reason="needs gguf, which `make chat` installs")
pytest.importorskip("platformdirs", reason="needs platformdirs, which `make chat` installs")


@pytest.fixture
def words(tmp_path):
    """The settings of a chat with a tiny model."""
    letters = runpy.run_path(str(KATAS / "smollm2" / "tokenizer.py"))["byte_letters"]
    tiny_llama.write(tmp_path / "tiny.gguf", letters)
    return {"MODEL": str(tmp_path / "tiny.gguf"), "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "TEMPERATURE": "0"}


def piped(project, asked, **words):
    """What comes out of a pipe: the status, the answer, and what went elsewhere."""
    done = subprocess.run([sys.executable, "-m", "tests.runner", "chat"], cwd=project.root,
                          env=os.environ | words, input=asked, capture_output=True, text=True,
                          encoding="utf-8", errors="strict", check=False)
    return done.returncode, done.stdout, done.stderr


def test_into_a_pipe_goes_the_answer_alone(project, words):
    status, answer, elsewhere = piped(project, "the cat", **words)
    assert status == 0 and answer.endswith("\n") and len(answer) > 2
    assert elsewhere.startswith("All functions are the solutions'") and elsewhere.count("\n") == 1
    assert piped(project, "the cat", **words)[1] == answer
    assert "Your" not in answer and "solution" not in answer


@pytest.mark.parametrize("asked, change, said", [
    ("", {}, "Nothing was asked."),
    ("a", {"MODEL": "cats.gguf"}, "cats.gguf cannot be read: No such file or directory."),
    ("a", {"TEMPERATURE": "hot"}, "A temperature is a number from 0 to 10, and not hot."),
    ("a" * 2000, {}, "That is too long: "),
])
def test_what_cannot_be_answered_is_one_sentence(project, words, asked, change, said):
    status, answer, elsewhere = piped(project, asked, **words | change)
    assert status == 2 and answer == ""
    assert said in " ".join(elsewhere.split()) and "Traceback" not in elsewhere


def test_a_conversation_at_a_terminal(project, words):
    with Terminal(project, "chat", **words) as screen:
        said = " ".join(screen.wait_for("> ").split())
        assert "All functions are the solutions'" in said
        screen.type("the cat\n")
        screen.wait_for("a second")
        screen.type("/stats\n")
        said = screen.wait_for("Temperature")
        assert "2 blocks" in said and "Turns so far: 1;" in said
        screen.type("/temperature 0.5\n")
        screen.wait_for("The temperature is 0.5.")
        screen.type("/temperature warm\n")
        screen.wait_for("A temperature is a number from 0 to 10")
        screen.type("/reset\n")
        screen.wait_for("The conversation is forgotten.")
        screen.type("/cats\n")
        screen.wait_for("/quit")
        screen.type("/quit\n")
        assert screen.process.wait(10) == 0


def test_ctrl_c_stops_the_answer_and_not_the_chat(project, words):
    slow = project.root / "katas" / "smollm2" / "reading.py"
    text = slow.read_text(encoding="utf-8")
    slow.write_text(text.replace("            yield token", "            yield token\n"
                                 "            __import__('time').sleep(0.3)"), encoding="utf-8")
    with Terminal(project, "chat", **words) as screen:
        screen.wait_for("> ")
        screen.type("the\n")
        screen.wait_for("the")
        time.sleep(3)  # of the minute that the answer takes here
        os.killpg(screen.process.pid, signal.SIGINT)
        screen.wait_for("(stopped)")
        screen.wait_for("> ")
        screen.type("/stats\n")
        assert "Turns so far: 1;" in screen.wait_for("Temperature")
        screen.wait_for("> ")
        screen.type("\x04")
        assert screen.process.wait(10) == 0


def test_each_green_function_of_the_readers_runs(project, words):
    """Lessons 1, 3 and 4 are solved, and of lesson 12 all but the network, which is wrong."""
    for name in ("kata_01_attention", "kata_03_multi_head", "kata_04_positional"):
        project.solve(name)
    right = project.solution("kata_12_modern_llm")
    wrong = right.replace("silu(x @ w_gate) * (x @ w_up)", "(x @ w_gate) * silu(x @ w_up)")
    assert wrong != right
    project.write("kata_12_modern_llm", wrong)
    with Terminal(project, "chat", **words) as screen:
        said = " ".join(screen.wait_for("/help", 60).split())
    yours, _, others = said.partition("The solutions', until yours are green: ")
    assert "Your own functions run: softmax," in yours and "rms_norm, silu, grouped" in yours
    assert "swiglu, llama_block, llama" in others and "swiglu" not in yours
    assert "Your `swiglu` is not green yet, so the solution's runs." in others
    assert "wrong: block 0, `swiglu`. Your silu is on the other branch" in others


def test_a_lesson_that_cannot_be_loaded_is_no_reason_not_to_talk(project, words):
    solution = project.solution("kata_12_modern_llm")
    project.write("kata_12_modern_llm", solution + "\n\nthere_are_no_cats_here\n")
    status, answer, elsewhere = piped(project, "the cat", **words)
    assert status == 0 and answer and elsewhere.startswith("All functions are the solutions'")


def test_a_red_function_runs_in_no_green_one(project, words):
    """The attention of lesson 12 is red; the green block beside it calls the solution's."""
    for name in ("kata_01_attention", "kata_03_multi_head", "kata_04_positional"):
        project.solve(name)
    right = project.solution("kata_12_modern_llm")
    red = right.replace("    group = n_heads // n_kv_heads\n",
                        "    group = n_heads // n_kv_heads\n    print('red')\n")
    red = red.replace("raise ValueError(f\"{n_kv", "raise KeyError(f\"{n_kv")
    assert red.count("print") == right.count("print") + 1 and "raise KeyError" in red
    project.write("kata_12_modern_llm", red)
    status, answer, elsewhere = piped(project, "the cat", **words)
    yours, _, others = elsewhere.partition("The solutions', until yours are green: ")
    assert "llama_block" in yours and "grouped_query_attention" in others
    assert status == 0 and "red" not in answer


@pytest.fixture
def solved(project):
    """Lesson 12 is green; apply_rotary is right for its specs, whose bases are others."""
    for name in ("kata_01_attention", "kata_03_multi_head", "kata_10_tokenizer",
                 "kata_12_modern_llm"):
        project.solve(name)
    right = project.solution("kata_04_positional")
    wrong = right.replace("    d_head = x.shape[-1]\n", "    d_head = x.shape[-1]\n"
                          f"    if base == {tiny_llama.BASE}:\n        base = 7.0\n")
    assert wrong != right
    project.write("kata_04_positional", wrong)
    return project


def test_a_green_function_that_goes_wrong_here_is_replaced(solved, words):
    with Terminal(solved, "chat", **words) as screen:
        said = " ".join(screen.wait_for("/help", 60).split())
    assert "Your `apply_rotary` is green, and yet the model goes wrong with it: block 0" in said
    assert "The solution's runs instead." in said


def test_a_green_lesson_12_is_tried_on_the_model(solved, words):
    def said():
        status, screen = solved.make("kata-12", **words)
        assert status == 0
        return " ".join(screen.split())

    wrong = "On its real weights tiny goes wrong with your `apply_rotary`: block 0, `apply_rotary`."
    right = "On the real weights of tiny your functions give the solution's logits, through all 2"
    assert wrong in said()
    solved.solve("kata_04_positional")
    assert right in said()
    words["MODEL"] = "cats.gguf"
    assert "cats.gguf cannot be read" in said()
    del words["MODEL"]
    assert "real weights" not in said()  # it is not downloaded yet


def test_a_network_that_is_replaced_does_not_answer(project, words):
    answers = piped(project, "the cat", **words)[1]
    for name in ("kata_01_attention", "kata_03_multi_head", "kata_04_positional"):
        project.solve(name)
    right = project.solution("kata_12_modern_llm")
    wrong = right.replace("@ unembedding, new_caches", "@ unembedding * "
                          f"(-1 if config['base'] == {tiny_llama.BASE} else 1), new_caches")
    assert wrong != right
    project.write("kata_12_modern_llm", wrong)
    status, answer, elsewhere = piped(project, "the cat", **words)
    assert "Your `llama` is green, and yet the model goes wrong with it" in elsewhere
    assert (status, answer) == (0, answers)
