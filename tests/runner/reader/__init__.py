"""What is the reader's: attempts, notes between runs, backups, whose functions run.

In: a kata. Out: values that screens show; nothing here prints. Commands and `screens` call.
"""
