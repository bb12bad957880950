"""The contract suite: one set of promises, run on every connector alike (docs/connectors.md)."""
