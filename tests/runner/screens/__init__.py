"""The screens: from values to what rich prints.

In: attempts, records, progress. Out: renderables. Called by commands and the watch.
"""
