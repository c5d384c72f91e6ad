"""The HTTP API as contracts/openapi.yaml describes it."""

from functools import cache
from pathlib import Path

import yaml

from cdk.stage import Stage
from tests.infrastructure.template import Template

OPENAPI = Path(__file__).resolve().parents[2] / "contracts" / "openapi.yaml"
ANSWERS = {
    "/task": "ingest",
    "/tasks": "status",
    "/tasks/{job_id}": "status",
    "/tasks/{job_id}/cancel": "status",
    "/tasks/{job_id}/undo": "status",
    "/webhook/approve": "status",
    "/webhook/reject": "status",
    "/callback/runner-status": "status",
    "/repos": "status",
    "/device": "notify",
}
METHODS = {"get", "post", "put", "delete", "patch", "head", "options", "trace"}


@cache
def promised_paths() -> dict[str, dict[str, object]]:
    """The paths of the contract and their operations."""
    return dict(yaml.safe_load(OPENAPI.read_text())["paths"])


def test_every_route_of_the_contract_and_no_other_reaches_its_function(template: Template):
    promised = {
        f"{method.upper()} {path}": ANSWERS[path]
        for path, operations in promised_paths().items()
        for method in METHODS & operations.keys()
    }
    routes = {}
    for route in template.all("AWS::ApiGatewayV2::Route"):
        [_, integration_id] = route["Target"]["Fn::Join"][1]
        integration = template.resources[integration_id["Ref"]]["Properties"]
        assert integration["PayloadFormatVersion"] == "2.0"
        routes[route["RouteKey"]] = template.name(integration["IntegrationUri"])
    assert routes == promised


def test_the_api_may_call_a_function_for_its_own_routes_only(template: Template):
    allowed = set()
    for permission in template.all("AWS::Lambda::Permission"):
        assert permission["Principal"] == "apigateway.amazonaws.com"
        path = template.name(permission["SourceArn"]).partition("api/*/*")[2]
        allowed.add((path, template.name(permission["FunctionName"])))
    assert allowed
    assert allowed <= set(ANSWERS.items())


def test_callers_are_throttled(template: Template):
    [stage] = template.all("AWS::ApiGatewayV2::Stage")
    assert stage["StageName"] == "$default"
    assert 0 < stage["DefaultRouteSettings"]["ThrottlingRateLimit"] <= 100
    assert 0 < stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] <= 200


def test_a_browser_may_call_from_the_configured_origin_only(template: Template):
    [api] = template.all("AWS::ApiGatewayV2::Api")
    cors = api["CorsConfiguration"]
    assert cors["AllowOrigins"] == [Stage.of("prod").web_origin]
    assert set(cors["AllowHeaders"]) >= {"authorization", "idempotency-key", "if-none-match"}
    assert set(cors["ExposeHeaders"]) == {"etag", "retry-after"}
    assert "*" not in [*cors["AllowHeaders"], *cors["AllowMethods"]]
    assert not cors.get("AllowCredentials")
