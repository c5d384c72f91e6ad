"""Media and tables: private, encrypted, and kept no longer than needed."""

from cdk.stage import Stage
from tests.infrastructure.template import Template


def test_the_bucket_is_private_encrypted_and_owned_by_us(template: Template):
    [bucket] = template.all("AWS::S3::Bucket")
    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    [encryption] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_only_pages_of_the_app_fetch_by_signed_address_in_a_browser(template: Template):
    [bucket] = template.all("AWS::S3::Bucket")
    [rule] = bucket["CorsConfiguration"]["CorsRules"]
    assert rule == {
        "AllowedMethods": ["GET"],
        "AllowedOrigins": [Stage.of("prod").web_origin],
        "MaxAge": 3600,
    }


def test_recordings_are_gone_after_a_month(template: Template):
    [bucket] = template.all("AWS::S3::Bucket")
    days = {
        rule["Prefix"]: rule["ExpirationInDays"]
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if rule["Status"] == "Enabled"
    }
    assert days == {"recordings/": 30, "diffs/": 180, "clips/": 180}


def test_tables_cost_by_use_and_have_the_agreed_keys(template: Template):
    tables = template.by_name("AWS::DynamoDB::Table")
    assert all(each["BillingMode"] == "PAY_PER_REQUEST" for each in tables.values())
    keys = {name: each["KeySchema"][0]["AttributeName"] for name, each in tables.items()}
    assert keys == {"idempotency": "id", "job-control": "job_id"}
    assert tables["idempotency"]["TimeToLiveSpecification"] == {
        "AttributeName": "expiration",
        "Enabled": True,
    }


def test_what_can_not_be_made_again_outlives_its_stack_and_can_be_restored(template: Template):
    kept = {
        template.name({"Ref": key})
        for key, resource in template.resources.items()
        if resource.get("DeletionPolicy") == "Retain"
    }
    logs = set(template.by_name("AWS::Logs::LogGroup"))
    assert kept == {"media", "job-control", "runner"} | logs
    job_control = template.by_name("AWS::DynamoDB::Table")["job-control"]
    assert job_control["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_every_log_is_kept_for_a_month(template: Template):
    days = {
        name: each.get("RetentionInDays")
        for name, each in template.by_name("AWS::Logs::LogGroup").items()
    }
    assert set(days.values()) == {30}, days
