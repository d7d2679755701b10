"""The copy of the project that tests share is as new for each of them."""


def test_whatever_was_done_to_the_copy_is_undone(project):
    stub = (project.root / "katas" / "kata_01_attention.py").read_bytes()
    specs = project.root / "tests" / "test_kata_01_attention.py"
    before = specs.read_bytes()
    project.solve()
    specs.write_text("def", encoding="utf-8")
    (project.root / "hints" / "hints_01_attention.md").unlink()
    (project.root / ".kata-backups" / "more").mkdir(parents=True)
    (project.root / "conftest.py").touch()
    project.as_new()
    assert (project.root / "katas" / "kata_01_attention.py").read_bytes() == stub
    assert specs.read_bytes() == before
    assert (project.root / "hints" / "hints_01_attention.md").is_file()
    assert sorted(path.name for path in project.root.iterdir()) == [
        "benchmarks", "hints", "katas", "pyproject.toml", "tests"]
