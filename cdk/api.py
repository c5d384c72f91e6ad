"""The HTTP API: each route to the function that answers it."""

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_integrations as integrations
from constructs import Construct

from cdk.functions import Functions
from cdk.service import Service
from cdk.stage import Stage

REQUESTS_PER_SECOND = 50
BURST = 100

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
                expose_headers=["etag"],
                max_age=Duration.hours(1),
            ),
        )
        http.HttpStage(
            self,
            "Default",
            http_api=self.http,
            stage_name="$default",
            auto_deploy=True,
            throttle=http.ThrottleSettings(rate_limit=REQUESTS_PER_SECOND, burst_limit=BURST),
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
