"""The reference connector: a service in memory, with people, failures and nothing else."""
