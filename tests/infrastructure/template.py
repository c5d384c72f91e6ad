"""A synthesised stack to ask questions of, in the names that its physical things have."""

from typing import Any

Properties = dict[str, Any]

NAMED_BY = {
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroupName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    "AWS::CloudWatch::Alarm": "AlarmName",
}
UNNAMED = {
    "AWS::S3::Bucket": "media",
    "AWS::SES::EmailIdentity": "sender",
    "AWS::ApiGatewayV2::Api": "api",
    "AWS::KMS::Key": "key",
}


class Template:
    """The resources of one or more stacks, as CloudFormation would get them."""

    def __init__(self, *templates: dict[str, Any]) -> None:
        self.resources: dict[str, dict[str, Any]] = {}
        self.exports: dict[str, Any] = {}
        for template in templates:
            self.resources |= template["Resources"]
            for output in template.get("Outputs", {}).values():
                if "Export" in output:
                    self.exports[output["Export"]["Name"]] = output["Value"]

    @classmethod
    def of(cls, resources: dict[str, dict[str, Any]], exports: dict[str, Any]) -> "Template":
        """The same from its parts."""
        template = cls()
        template.resources, template.exports = resources, exports
        return template

    def all(self, kind: str) -> list[Properties]:
        """The properties of every resource of one type."""
        return [each["Properties"] for each in self.resources.values() if each["Type"] == kind]

    def by_name(self, kind: str) -> dict[str, Properties]:
        """Those of the types that have a name, by it."""
        return {short(each[NAMED_BY[kind]]): each for each in self.all(kind)}

    def name(self, value: Any) -> str:
        """Say what an ARN, a reference or a joined text stands for, such as `media/diffs/*`."""
        match value:
            case str():
                return value
            case {"Ref": "AWS::Partition" | "AWS::Region" | "AWS::AccountId" | "AWS::URLSuffix"}:
                return ""
            case {"Ref": logical_id} | {"Fn::GetAtt": [logical_id, *_]}:
                return self._named(logical_id)
            case {"Fn::ImportValue": export}:
                return self.name(self.exports[export])
            case {"Fn::Join": [separator, parts]}:
                return str(separator).join(self.name(part) for part in parts)
        raise AssertionError(f"unforeseen reference: {value}")

    def _named(self, logical_id: str) -> str:
        resource = self.resources[logical_id]
        kind = resource["Type"]
        if kind in UNNAMED:
            return UNNAMED[kind]
        return short(resource["Properties"].get(NAMED_BY[kind], logical_id))

    def allowed(self, role: str) -> set[str]:
        """What a role may do, each as `action on-what`."""
        role_id = next(
            key
            for key, each in self.resources.items()
            if each["Type"] == "AWS::IAM::Role"
            and role in {key, each["Properties"].get("RoleName")}
        )
        return {
            f"{action} {self.name(target)}"
            for policy in self.all("AWS::IAM::Policy")
            if {"Ref": role_id} in policy["Roles"]
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Allow"
            for action in listed(statement["Action"])
            for target in listed(statement["Resource"])
        }


def short(name: str) -> str:
    """A physical name without what all names of the stage have in common."""
    for common in ("sayso-prod-", "sayso/prod/", "/aws/lambda/sayso-prod-"):
        name = name.removeprefix(common)
    return name


def listed(value: Any) -> list[Any]:
    """CloudFormation's `one or many` as many."""
    return value if isinstance(value, list) else [value]
