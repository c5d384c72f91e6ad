"""The six services: what each is told, hears and may do."""

from aws_cdk import aws_lambda_destinations as destinations
from constructs import Construct

from cdk.mail import Mail
from cdk.messaging import Messaging
from cdk.secrets import Secrets
from cdk.service import Service
from cdk.stage import Stage
from cdk.storage import CANCEL, CLIPS, COUNT, DIFFS, RECORDINGS, REMEMBER, VOCABULARY, Storage


class Functions(Construct):
    """One Lambda function a service, with the least it needs."""

    def __init__(
        self,
        scope: Construct,
        stage: Stage,
        *,
        messaging: Messaging,
        storage: Storage,
        secrets: Secrets,
        mail: Mail,
    ) -> None:
        super().__init__(scope, "Functions")
        queues, dead_letters = messaging.queues, messaging.dead_letters
        publishes = {"TASK_EVENTS_TOPIC_ARN": messaging.task_events.topic_arn}
        idempotent = {"IDEMPOTENCY_TABLE": storage.idempotency.table_name}
        media = {
            "MEDIA_BUCKET": storage.media.bucket_name,
            "MEDIA_ENDPOINT_URL": stage.media_endpoint_url,
        }
        users = {
            "SUPABASE_URL": stage.supabase_url,
            "SUPABASE_JWKS_URL": stage.supabase_jwks_url,
        }
        jwt_secret = secrets["supabase-jwt-secret"] if stage.supabase_jwt_secret else None

        self.ingest = Service(
            self,
            "ingest",
            stage,
            memory_mib=512,
            settings=publishes | media | idempotent | users,
        )
        self.ingest.reads(supabase_jwt_secret=jwt_secret)
        storage.grant_media(self.ingest, "PutObject", RECORDINGS)
        storage.idempotency.grant(self.ingest, *COUNT)

        self.transcribe = Service(
            self,
            "transcribe",
            stage,
            memory_mib=1024,
            settings=publishes
            | media
            | idempotent
            | {"SPEECH_BASE_URL": stage.speech_base_url, "SPEECH_MODEL": stage.speech_model},
        )
        self.transcribe.reads(openai_api_key=secrets["openai-api-key"])
        # One recording a call: the next one need not wait for this one's words.
        self.transcribe.hears(queues["transcribe"], batch=1, at_once=20)
        storage.grant_media(self.transcribe, "GetObject", RECORDINGS, VOCABULARY)
        storage.grant_finding(self.transcribe)
        storage.idempotency.grant(self.transcribe, *REMEMBER)

        self.dispatch = Service(
            self,
            "dispatch",
            stage,
            memory_mib=512,
            settings=publishes
            | {
                "SQS_URL": queues["runner-jobs"].queue_url,
                "RUNNER_CONTROL_QUEUE_URL": queues["runner-control"].queue_url,
                "AUTO_MERGE_LOC_LIMIT": str(stage.auto_merge_loc_limit),
                "BLOCKED_PATHS": stage.blocked_paths,
            },
        )
        self.dispatch.reads(
            database_url=secrets["database-url"], job_token_key=secrets["job-token-key"]
        )
        self.dispatch.hears(queues["dispatch"])
        self.dispatch.hears(dead_letters["runner-jobs"])
        self.dispatch.hears(dead_letters["runner-control"])
        for queue in (queues["runner-jobs"], queues["runner-control"]):
            queue.grant(self.dispatch, "sqs:SendMessage")

        self.status = Service(
            self,
            "status",
            stage,
            memory_mib=512,
            settings=publishes
            | media
            | users
            | {"JOB_CONTROL_TABLE": storage.job_control.table_name},
        )
        self.status.reads(
            database_url=secrets["database-url"],
            callback_key=secrets["callback-key"],
            job_token_key=secrets["job-token-key"],
            supabase_jwt_secret=jwt_secret,
        )
        self.status.hears(queues["status"], at_once=10)
        self.status.hears(dead_letters["transcribe"])
        self.status.hears(dead_letters["dispatch"])
        storage.grant_media(self.status, "GetObject", DIFFS)
        storage.job_control.grant(self.status, CANCEL)

        self.notify = Service(
            self,
            "notify",
            stage,
            memory_mib=512,
            settings=users
            | media
            | {
                "PUSH_URL": stage.push_url,
                "APNS_APPLICATION_ARN": stage.apns_application_arn,
                "FCM_APPLICATION_ARN": stage.fcm_application_arn,
            },
        )
        self.notify.reads(
            database_url=secrets["database-url"],
            push_api_key=secrets["push-api-key"],
            supabase_jwt_secret=jwt_secret,
        )
        # One message a call: whoever waits for a push service has the call's whole time for it.
        self.notify.hears(queues["notify"], batch=1, at_once=10)
        self.notify.hears(dead_letters["notify"])
        storage.grant_media(self.notify, "GetObject", CLIPS)
        for application in stage.platform_applications:
            messaging.grant_endpoints(self.notify, application)

        self.report = Service(
            self,
            "report",
            stage,
            memory_mib=1769,  # a whole processor: FFmpeg encodes a clip in ten seconds with it
            settings=publishes
            | media
            | idempotent
            | {
                "REPORT_QUEUE_URL": queues["report"].queue_url,
                "MAIL_FROM": stage.mail_from,
                "MAIL_TO": stage.mail_to,
                "MAIL_TIME_ZONE": stage.mail_time_zone,
                "VEO_MODEL": stage.veo_model,
                "VEO_LOCATION": stage.veo_location,
                "VEO_BASE_URL": stage.veo_base_url,
                "VEO_USD_PER_SECOND": str(stage.veo_usd_per_second),
                "VEO_LOOK_SECONDS": str(stage.veo_look_seconds),
            },
            # The schedule calls it without waiting: a night that failed must not go unnoticed.
            on_failure=destinations.SqsDestination(dead_letters["report"]),
        )
        self.report.reads(
            database_url=secrets["database-url"], vertex_credentials=secrets["vertex-credentials"]
        )
        self.report.hears(queues["report"], batch=1, at_once=2)
        queues["report"].grant(self.report, "sqs:SendMessage")
        storage.grant_media(self.report, "GetObject", CLIPS)
        storage.grant_media(self.report, "PutObject", CLIPS)
        storage.idempotency.grant(self.report, *REMEMBER)
        mail.grant_send(self.report)
        for service in (self.ingest, self.transcribe, self.dispatch, self.status, self.report):
            messaging.task_events.grant_publish(service)

    def all(self) -> tuple[Service, ...]:
        """Every service, in the order a request meets them."""
        return (
            self.ingest,
            self.transcribe,
            self.dispatch,
            self.status,
            self.notify,
            self.report,
        )
