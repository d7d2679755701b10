"""What is shown: from values to what rich prints.

In: attempts, records, progress. Out: renderables. Commands and the watch call.
"""
