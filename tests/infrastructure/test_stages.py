"""One machine runs the same app as AWS."""

import json
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from cdk.stage import Stage
from tests.infrastructure.template import Template

BY_STAGE = {
    "AWS::Lambda::Function": {"Runtime", "Architectures", "Code"},
    "AWS::ECR::Repository": {"EmptyOnDelete"},
    "AWS::DynamoDB::Table": {"PointInTimeRecoverySpecification"},
}


def test_the_local_stage_is_made_of_the_same_resources(
    template: Template, local_template: Template
):
    local = sorted(
        resource.replace("sayso-local-", "sayso-prod-")
        .replace("sayso/local/", "sayso/prod/")
        .replace("Sayso-local", "Sayso-prod")
        .replace("Sayso local", "Sayso prod")
        .replace("Sayso/local", "Sayso/prod")
        .replace("Sayso, local", "Sayso, prod")
        .replace('": "local"', '": "prod"')
        for resource in comparable(local_template)
    )
    assert local == sorted(comparable(template))


def comparable(template: Template) -> Iterator[str]:
    """Each resource as text, without what a stage may differ in."""
    for resource in template.resources.values():
        differs = BY_STAGE.get(resource["Type"], set())
        kept = {key: resource["Properties"][key] for key in resource["Properties"].keys() - differs}
        yield json.dumps([resource["Type"], kept], sort_keys=True)


@pytest.mark.parametrize("name", ["local", "staging", "prod"])
def test_every_stage_has_all_its_settings(name: str):
    assert Stage.of(name).named("status") == f"sayso-{name}-status"


def test_a_setting_of_the_wrong_kind_is_named():
    with pytest.raises(ValidationError, match="auto_merge_loc_limit"):
        Stage.of("prod", {"auto_merge_loc_limit": "many"})


def test_a_stage_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="No stage 'moon': there are local, prod, staging"):
        Stage.of("moon")
