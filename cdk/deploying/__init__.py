"""From a clone to a running stage on AWS, and back."""
