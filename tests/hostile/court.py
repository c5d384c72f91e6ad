"""Where cases are tried: `try` without the command line, which takes half a second a case."""

from dataclasses import dataclass
from pathlib import Path

from runner.deadline import Deadline
from runner.gates import Gates
from runner.policy import MergeRule
from runner.sandbox.sandbox import Sandbox
from runner.trial import Verdict, copied, judge
from tests.hostile.case import Case, Sample

RULE = MergeRule(loc_limit=500, blocked_paths=("security/",))
SECONDS = 120


@dataclass(frozen=True)
class Court:
    """The sample project, a sandbox, and what is known of its base."""

    sample: Sample
    sandbox: Sandbox
    measurements: Path

    def judge(self, case: Case) -> Verdict:
        """What the gates and the merge rule say of a case."""
        patch = self.sample.patch(case.edits) if case.patch is None else case.patch
        deadline = Deadline.after(SECONDS)
        with copied(self.sample.repo, "main", deadline, self.measurements) as checkout:
            gates = Gates(self.sandbox, test_seconds=case.test_seconds)
            return judge(checkout, patch, gates, RULE, deadline)
