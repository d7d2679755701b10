"""What a spec and a reader's file meet, and the record of what came of it.

In: a spec's calls and comparisons. Out: recorded calls, mismatches, the record of a spec.
Spec files call `check`; every other room may call.
"""
