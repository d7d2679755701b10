"""What spec files and readers' files use in a run, and the record of a spec's result.

In: a spec's calls and comparisons. Out: recorded calls, mismatches, the record of a spec.
Spec files call `check`; every later package may call this one.
"""
