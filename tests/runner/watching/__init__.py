"""`make watch`: saves and keys in, screens out. Called by its command alone."""
