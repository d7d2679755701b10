"""What can go wrong between the network and the first answer."""


class NoModel(Exception):
    """There is no model that could answer; the text says why, and what helps."""
