"""What became of a job whose message died: git and GitHub are asked, nothing is changed twice."""

from runner.failure import Failure
from runner.job import Run
from runner.outcome import Outcome


def inspect(run: Run) -> Outcome:
    """Tell what the job delivered; that it failed, if nothing.

    Raises:
        Failure: `internal_error`, nothing was delivered.
    """
    with run.checkout() as checkout:
        delivered = run.tools.courier.earlier(checkout, run.job)
    if delivered is None:
        raise Failure("internal_error", "Something broke on our side; please ask again.")
    return delivered
