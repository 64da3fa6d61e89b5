"""The one family of errors that people may read."""


class MentorError(Exception):
    """Something went wrong that a person can understand and mend.

    A subclass's docstring is its default message; `key` names the sentence a learner sees.
    """

    key = "error.unexpected"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().split("\n")[0])


class Refused(MentorError):
    """The mentor understood, but cannot do this as asked.

    `key` names the sentence for the learner and `values` fill its gaps.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values
