"""AWS X-Ray: a job's work on this machine, as a part of the trace that began with its upload."""

from collections.abc import Iterator
from contextlib import contextmanager

from contracts.models import RunnerJob


class Tracing:
    """Sends segments to an agent on this machine; without one, nothing is traced."""

    def __init__(self, daemon_address: str) -> None:
        """Send them to `host:port` (UDP); nowhere if it is empty."""
        self._recorder = None
        if daemon_address:
            # It takes a quarter of a second to load, and there is no agent but on AWS.
            from aws_xray_sdk.core import xray_recorder

            xray_recorder.configure(
                service="runner", daemon_address=daemon_address, context_missing="IGNORE_ERROR"
            )
            self._recorder = xray_recorder

    @contextmanager
    def job(self, job: RunnerJob, header: str | None) -> Iterator[None]:
        """Trace the block as the work on a job.

        Args:
            job: what is worked on; its id is an annotation.
            header: the message's `AWSTraceHeader`, which says whose part this is and whether AWS
                wants to see it; nothing is traced without one.
        """
        if self._recorder is None or not header:
            yield
            return
        from aws_xray_sdk.core.models.trace_header import TraceHeader

        origin = TraceHeader.from_header_str(header)
        segment = self._recorder.in_segment(
            "runner",
            traceid=origin.root,
            parent_id=origin.parent,
            sampling=bool(origin.sampled),
        )
        with segment as traced:
            traced.put_annotation("job_id", str(job.job_id))
            traced.put_annotation("kind", job.kind)
            yield
