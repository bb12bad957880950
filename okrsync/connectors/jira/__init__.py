"""Jira Cloud: epics and their children, through the REST API version 3.

`client` and `errors` know how Jira speaks, `pages` how it continues, `jql` how it is asked; `fields`,
`decode` and `encode` know its values; `connector` is what okrsync wants of it.
"""
