"""Jira: epics and their children, at Jira Cloud or at a Data Center.

`client`, `errors` and `pace` know how Cloud speaks (REST API version 3), `datacenter` and `offsets`
translate from what a Data Center speaks (version 2). `pages` knows how answers continue, `jql` how it is
asked; `fields`, `decode` and `encode` know the values, `people` and `transitions` those that are no plain
fields. `pulling`, `reading`, `cursor` and `writing` do the work, `connector` is what okrsync wants of it.
"""
