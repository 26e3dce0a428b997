"""What a service raises when it will not do what a person asked: one sentence that says why and what to do."""


class Refused(ValueError):
    """Not done. The text is meant for the person who asked, in their language."""
