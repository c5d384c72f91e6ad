"""The HTTP API: each route to the function that answers it."""

import json
from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.functions import Functions
from cdk.nag import accept
from cdk.service import Service
from cdk.stage import Stage

REQUESTS_PER_SECOND = 50
BURST = 100

ACCESS = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "error": "$context.error.messageString",
}
"""A line of the access log: nothing of who called."""

ROUTES = {
    "ingest": ("POST /task",),
    "status": (
        "GET /tasks",
        "GET /tasks/{job_id}",
        "POST /tasks/{job_id}/cancel",
        "POST /tasks/{job_id}/undo",
        "POST /webhook/approve",
        "POST /webhook/reject",
        "POST /callback/runner-status",
        "GET /repos",
    ),
    "notify": ("PUT /device", "DELETE /device"),
}


class Api(Construct):
    """An HTTP API (v2) that throttles; who calls is checked by the services themselves."""

    def __init__(self, scope: Construct, stage: Stage, functions: Functions) -> None:
        super().__init__(scope, "Api")
        self.http = http.HttpApi(
            self,
            "Http",
            api_name=stage.named("api"),
            create_default_stage=False,
            cors_preflight=http.CorsPreflightOptions(
                allow_origins=[stage.web_origin],
                allow_methods=[
                    http.CorsHttpMethod.GET,
                    http.CorsHttpMethod.POST,
                    http.CorsHttpMethod.PUT,
                    http.CorsHttpMethod.DELETE,
                ],
                allow_headers=["authorization", "content-type", "idempotency-key", "if-none-match"],
                expose_headers=["etag", "retry-after"],
                max_age=Duration.hours(1),
            ),
        )
        log = logs.LogGroup(
            self,
            "Log",
            # Where AWS delivers logs by itself, without a policy that grows with each of them.
            log_group_name=f"/aws/vendedlogs/{stage.named('api')}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        default = http.HttpStage(
            self,
            "Default",
            http_api=self.http,
            stage_name="$default",
            auto_deploy=True,
            throttle=http.ThrottleSettings(rate_limit=REQUESTS_PER_SECOND, burst_limit=BURST),
        )
        cast(
            http.CfnStage, default.node.default_child
        ).access_log_settings = http.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=json.dumps(ACCESS)
        )
        accept(
            self.http,
            "Each service verifies the caller itself, with the code that runs on one machine too:"
            " a Supabase JWT, or a runner's signature.",
            "APIG4",
        )
        self._routes(functions.ingest, ROUTES["ingest"])
        self._routes(functions.status, ROUTES["status"])
        self._routes(functions.notify, ROUTES["notify"])

    def _routes(self, service: Service, routes: tuple[str, ...]) -> None:
        integration = integrations.HttpLambdaIntegration(service.node.id, service)
        for route in routes:
            method, path = route.split()
            self.http.add_routes(
                path=path, methods=[http.HttpMethod(method)], integration=integration
            )
