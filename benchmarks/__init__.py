"""What the katas cost, and what the machinery behind `make` costs. How to read it: README.md."""
