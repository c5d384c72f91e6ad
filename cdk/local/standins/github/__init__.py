"""GitHub: git over smart HTTP and the pull-request REST calls."""
