"""A kind of service for tests: the least a connector package offers, with no `kind` in its settings."""
