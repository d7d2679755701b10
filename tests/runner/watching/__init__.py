"""`make watch`: saves and keys in, screens out. Called only by its command."""
