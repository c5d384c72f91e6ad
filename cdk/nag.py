"""What cdk-nag asks for and we do otherwise, said where the resource is made."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(scope: IConstruct, because: str, *findings: str) -> None:
    """Acknowledge findings of AwsSolutions on a construct and all that is in it.

    Args:
        scope: where the rule is not followed.
        because: why that is right, for whoever reviews it.
        findings: `S1` for a rule, or `IAM5[Resource::*]` for one wildcard of a policy.
    """
    Validations.of(scope).acknowledge(
        *(
            Acknowledgment(id=f"AwsSolutions::AwsSolutions-{each}", reason=because)
            for each in findings
        )
    )
