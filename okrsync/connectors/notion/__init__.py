"""Notion: rows of a data source as records, read and written through its public API.

`settings` is what an admin writes, `client` how Notion speaks, `connector` what we want of it, done by
`reading` and `writing`. Between them stand parts without requests: `ids` and `properties` (what a column is),
`decode` and `encode` (its values), `rows` (what a row is), `pages` (how lists end), `since` (how far a look
has seen), `drift` (columns that changed meanwhile) and `errors` (what a failure means); `people` and
`related` remember whom and which tables the connection may see.
"""
