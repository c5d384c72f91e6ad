"""dispatch: words, approvals and rejections become jobs for a runner."""
