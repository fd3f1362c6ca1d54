"""What stops a command, as its user is told."""


class Problem(Exception):
    """The message says in one line what is wrong and what to do; a log's end may follow it."""
