"""From a red spec to what the screen says: the mistake, the place, what can be measured.

In: the calls that a spec made, and how it ended. Out: the `Red` of its record.
The child process calls `judge`; mistakes in hints/ are declared with `known`.
"""
