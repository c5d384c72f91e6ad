"""One machine runs the same app as AWS."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk.stage import STAGES, Stage, StageError, schema
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


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("auto_merge_loc_limit", "many", "is 'many': it should be a valid integer"),
        ("runner_most", 1, "is 1: it should be greater than or equal to 2."),
        ("supabase_url", "my-project", "is 'my-project', which is not an http or https address."),
        ("mail_to", "Ada", "is 'Ada', which is not one or more mail addresses with commas"),
        ("mail_to", "a@b.c;d@e.f", "is 'a@b.c;d@e.f', which is not one or more mail addresses"),
        ("alarms_to", "Ada", "is 'Ada', which is not a mail address."),
        ("runner_agents", "gpt", "is 'gpt': it should be 'quick_edit', 'claude_code' or"),
        ("runner_instance_types", [], "is []: "),
        ("apns_application_arn", "arn:aws:sns:eu-west-1:123456789012:app/GCM/x", "is 'arn:"),
        ("fcm_application_arn", "arn:aws:sns:eu-west-1:123456789012:topic", "is 'arn:"),
        ("sped_model", "x", "is no setting; cdk/stages/schema.json lists them all."),
    ],
)
def test_a_wrong_value_is_said_in_one_sentence(setting: str, value: object, sentence: str):
    with pytest.raises(StageError) as wrong:
        Stage.of("prod", {setting: value})
    assert str(wrong.value).startswith(f"cdk/stages/prod.toml: {setting} {sentence}")
    assert "\n" not in str(wrong.value)


def test_a_missing_value_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for stage in STAGES.glob("*.toml"):
        lines = stage.read_text().splitlines()
        kept = [line for line in lines if not line.startswith("speech_model")]
        (tmp_path / stage.name).write_text("\n".join(kept))
    monkeypatch.setattr("cdk.stage.STAGES", tmp_path)
    with pytest.raises(StageError, match=r"^cdk/stages/prod.toml: speech_model is missing\.$"):
        Stage.of("prod")


def test_what_a_file_came_with_is_told_from_what_was_filled_in():
    assert [each.split()[1] for each in Stage.of("prod").unfilled()] == [
        "supabase_url",
        "web_origin",
        "mail_from",
        "mail_to",
    ]
    filled = {
        "supabase_url": "https://abc.supabase.co",
        "web_origin": "https://app.ada.dev",
        "mail_from": "sayso@ada.dev",
        "mail_to": "ada@ada.dev",
    }
    assert Stage.of("prod", filled).unfilled() == []


def test_the_report_goes_to_several_readers():
    assert Stage.of("prod", {"mail_to": "a@b.c, d@e.f"}).mail_to == "a@b.c, d@e.f"


def test_a_stage_that_is_not_there_is_refused():
    with pytest.raises(StageError, match="No stage 'moon': there are local, prod, staging"):
        Stage.of("moon")


def test_editors_check_stage_files_by_the_schema_of_today():
    assert json.loads((STAGES / "schema.json").read_text()) == schema(), "make stage-schema"
    for stage in STAGES.glob("*.toml"):
        assert stage.read_text().startswith("#:schema ./schema.json\n"), stage.name
