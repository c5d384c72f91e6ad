"""A merged commit is taken back: as a new commit, by the same road as any other change."""

from runner.agents.agent import Proposal
from runner.checkout import Checkout
from runner.delivery import is_merged
from runner.failure import Failure
from runner.inverse import take_back
from runner.job import Run, deliver
from runner.outcome import Outcome


def revert(run: Run) -> Outcome:
    """Take the job's commit back on the newest base; prove that, and merge it or ask.

    No agent is asked: the change is known. What came later stays, so it may turn out different
    from the plain inverse; then a person is asked.

    Raises:
        Failure: `not_merged`; `undo_conflict`, later commits build on it.
    """
    with run.checkout() as checkout:
        earlier = run.tools.courier.earlier(checkout, run.job)
        if earlier:
            return earlier
        run.progress("propose")
        undone = _merged_commit(run, checkout)
        tree = take_back(checkout, undone, run.tools.author)
        if tree is None:
            raise Failure(
                "undo_conflict",
                "Later changes build on it: undo those first, or say what should be different.",
            )
        if tree == checkout.base_tree:
            return Outcome.nothing_to_do(f"{undone[:12]} has been taken back already.")
        subject = checkout.git.line("show", "--no-patch", "--format=%s", undone)
        proposal = Proposal(
            f"revert: {subject}",
            f"This takes back commit {undone}, as it was asked.",
            undoes=undone,
        )
        return deliver(run, checkout, run.judge(checkout, proposal, tree))


def _merged_commit(run: Run, checkout: Checkout) -> str:
    undone, git = run.job.commit_sha, checkout.git
    # The branch's first commit has nothing before it that could be restored.
    if undone and git.resolve(f"{undone}^") and is_merged(git, undone, checkout.base):
        return undone
    raise Failure("not_merged", f"Its commit is not on {run.job.branch}; there is nothing to undo.")
