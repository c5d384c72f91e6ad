"""How a job ends when it cannot end well."""

from runner.spending import NOTHING, Spent


class Failure(Exception):
    """What a person is told: the job ends with status `fail` and is not tried again.

    Anything else that is raised leaves the job's message on the queue, to be tried again.
    """

    def __init__(self, reason: str, sentence: str, spent: Spent = NOTHING) -> None:
        """Fail for a stable `reason` (`not_understood`), with one sentence on what to do.

        What a model cost until then is told too.
        """
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
        self.spent = spent

    def costing(self, spent: Spent) -> "Failure":
        """The same failure after so much was spent, whatever it cost itself included."""
        return Failure(self.reason, self.sentence, spent)


def cancelled() -> Failure:
    """The end of a job whose user took the request back."""
    return Failure("cancelled", "The task was cancelled before it was merged.")
