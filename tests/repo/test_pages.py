"""The pages keep their promises: code runs and prints what the page says, links lead somewhere.

The ```python blocks of a page run in order and share their names; a ```text block directly
below one is what it prints. `kata_01_attention` is the solution here.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = ("README.md", "katas/*.md", "katas/*/*.md", ".github/*.md", ".github/*/*.md",
            "hints/*.md", "benchmarks/*.md")
PAGES = [page for pattern in PATTERNS for page in sorted(ROOT.glob(pattern))]
LESSONS = [page for page in PAGES if re.match(r"lesson_\d\d_", page.name)]
SECTIONS = [
    "The problem", "The idea", "The arithmetic by hand", "The formula", "From loops to arrays",
    "Why not...?", "See it", "What it costs", "Where it stands", "Practice", "Check yourself",
]  # fmt: skip

QUOTED = re.compile(r"(?m)^> ?(?!>)")  # the mark of a quoted line; never a doctest's >>>
BLOCK = re.compile(r"(?ms)^(`{3,})(\w*)[^\n]*\n(.*?)^\1[ \t]*$")
HEADING = re.compile(r"(?m)^#{1,6} +(.+?)[ #]*$")
CODE = re.compile(r"`[^`\n]*`")
FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$\n]+\$")
LINK = re.compile(r'(?m)\]\(<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]: *(\S+)|(?:src|href)="([^"]+)"')

# Runs in a process of its own; a traceback names the page and its line.
RUN = """
import contextlib, io, json, sys
page, path, blocks = json.load(sys.stdin)
sys.path.insert(0, path)
names, outputs = {"__name__": "__main__"}, []
for line, source in blocks:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile("\\n" * (line - 1) + source, page, "exec"), names)
    outputs.append(output.getvalue())
json.dump(outputs, sys.stdout)
"""


@dataclass
class Block:
    language: str
    line: int  # of its first line of code, counting from 1
    source: str
    follows: bool  # only white space is between it and the block before


def blocks_of(text):
    """The fenced blocks of a page, from top to bottom."""
    text, end = QUOTED.sub("", text), 0
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start(3)) + 1
        yield Block(match[2], line, match[3], follows=not text[end : match.start()].strip())
        end = match.end()


def without_code(text):
    """The page with its blocks blanked out, every line where it was."""
    return BLOCK.sub(lambda match: "\n" * match[0].count("\n"), QUOTED.sub("", text))


def name_of(page):
    return os.path.relpath(page, ROOT)


def lines_of(output):
    return [line.rstrip() for line in output.rstrip().splitlines()]


def wrong_outputs(page):
    """What is wrong with the code of a page: a crash, or an output that the page does not show."""
    blocks = list(blocks_of(page.read_text(encoding="utf-8")))
    code = [(block.line, block.source) for block in blocks if block.language == "python"]
    task = json.dumps([name_of(page), str(ROOT / "hints" / "solutions"), code])
    command = [sys.executable, "-X", "utf8", "-W", "error::RuntimeWarning", "-c", RUN]
    pipes = {"input": task, "capture_output": True, "encoding": "utf-8"}
    run = subprocess.run(command, cwd=ROOT, check=False, **pipes)
    if run.returncode:
        return [f"{name_of(page)}: a block fails\n{run.stderr}"]
    printed = dict(zip((line for line, _ in code), json.loads(run.stdout), strict=True))
    wrong = []
    for block, after in pairwise(blocks):
        shown = block.language == "python" and after.language == "text" and after.follows
        if shown and lines_of(printed[block.line]) != lines_of(after.source):
            where = f"{name_of(page)}:{after.line}: the block at line {block.line}"
            wrong.append(f"{where} prints\n{printed[block.line]}")
    return wrong


def anchors_of(page):
    """The anchors that GitHub gives to the headings of a page, and those written by hand."""
    text, seen = without_code(page.read_text(encoding="utf-8")), {}
    anchors = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    for heading in HEADING.findall(text):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)  # a link counts as its text
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{seen[slug]}" if slug in seen else slug)
        seen[slug] = seen.get(slug, 0) + 1
    return anchors


def broken_links(page):
    """The links of a page to files that are missing, or to headings that a page does not have."""
    text, broken = without_code(page.read_text(encoding="utf-8")), []
    text = CODE.sub("", text)  # code in a line
    for match in LINK.finditer(text):
        link = unquote(next(filter(None, match.groups())))
        if re.match(r"[a-z]+:|\.\./\.\./codespaces$", link):
            continue  # elsewhere on the web; GitHub has codespaces two levels above README
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        has_anchors = anchor and target.suffix == ".md"
        if not target.exists() or (has_anchors and anchor not in anchors_of(target)):
            line = text.count("\n", 0, match.start()) + 1
            broken.append(f"{name_of(page)}:{line}: {link} leads nowhere")
    return broken


def eaten_formulas(page):
    """The formulas that Markdown changes: `\\,` loses its backslash, `_` makes italics.

    A formula in a ```math block is safe. A letter or a digit beside a dollar, or a dash, makes it
    plain text.
    """
    text, eaten = page.read_text(encoding="utf-8"), []
    for token in MarkdownIt().enable("table").parse(without_code(text)):
        if token.type != "inline":
            continue
        kept = "".join("\n" if part.type == "softbreak" else part.content
                       for part in token.children)
        source = CODE.sub("", token.content)
        for match in FORMULA.finditer(source):
            beside = source[match.start()
                            - 1 : match.start()] + source[match.end() : match.end() + 1]
            if match[0] not in kept or re.search(r"[\w'-]", beside):
                eaten.append(f"{name_of(page)}:{token.map[0] + 1}: {match[0]}")
    return eaten


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_code_of_a_page_runs_and_prints_what_the_page_says(page):
    assert not (wrong := wrong_outputs(page)), "\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_links_and_pictures_of_a_page_exist(page):
    assert not (broken := broken_links(page)), "\n".join(broken)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_formulas_of_a_page_reach_github_unchanged(page):
    assert not (eaten := eaten_formulas(page)), "\n".join(eaten)


@pytest.mark.parametrize("page", LESSONS, ids=name_of)
def test_a_lesson_has_its_eleven_sections_in_order(page):
    headings = re.findall(r"(?m)^## (.+)$", without_code(page.read_text(encoding="utf-8")))
    expected = [f"{number}. {title}" for number, title in enumerate(SECTIONS, start=1)]
    assert headings == expected, name_of(page)


@pytest.mark.parametrize("page", LESSONS, ids=name_of)
def test_a_lesson_counts_its_specs_as_they_are(page):
    specs = ROOT / "tests" / f"test_{page.stem.replace('lesson', 'kata')}.py"
    n_specs = len(re.findall(r"(?m)^def test_", specs.read_text(encoding="utf-8")))
    head = page.read_text(encoding="utf-8").partition("\n## ")[0]
    ranges = [(int(first), int(last)) for first, last in re.findall(r"\| (\d+)-(\d+) \|", head)]
    assert ranges[0][0] == 1 and ranges[-1][1] == n_specs
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(ranges))
    assert re.search(rf"\({name_of(page)}\) \|.*\| {n_specs} \|",
                     (ROOT / "README.md").read_text(encoding="utf-8"))


def test_a_page_that_promises_too_much_is_named_with_its_line(tmp_path):
    page = tmp_path / "page.md"
    code = "> ```python\n> print('cat')\n> ```\n\n> ```text\n> dog\n> ```\n"
    page.write_text(f"# Cat\n\n{code}\n[a](#cat) [b](#dog)\n", encoding="utf-8")
    assert [re.findall(r"page.md:(\d+)", wrong) for wrong in wrong_outputs(page)] == [["8"]]
    assert [link.split("page.md:")[1] for link in broken_links(page)] == ["11: #dog leads nowhere"]


def test_a_formula_that_markdown_changes_is_named_with_its_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# Cat\n\n$d_k$ and `$\\,$` are fine: ($q_i$).\n\n$a \\, b$\n\n$\\text{cat}_0 + "
        "W_{in}$\n\nthe $h$'s\n",
        encoding="utf-8",
    )
    assert [re.findall(r"page.md:(\d+)", eaten)
            for eaten in eaten_formulas(page)] == [["5"], ["7"], ["9"]]
