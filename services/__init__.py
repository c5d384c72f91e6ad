"""Six Lambdas that know the contracts and themselves, never each other."""
