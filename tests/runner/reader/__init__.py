"""What belongs to the reader: attempts, notes between runs, backups, whose functions run.

In: a kata. Out: values that screens show; nothing here prints. Called by commands and `screens`.
"""
