"""The child's side of a run: pytest with our plugin, in a process that may be killed at any time.

In: orders, as a line of JSON. Out: events, as lines of JSON.
Started by `running`, never imported by it.
"""
