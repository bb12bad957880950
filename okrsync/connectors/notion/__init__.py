"""Notion: rows of a data source as records, read and written through its public API.

`settings` is what an admin writes, `client` how Notion speaks, `connector` what we want of it. Between
them stand pure parts: `ids` and `properties` (what a column is), `decode` and `encode` (its values),
`pages` (how lists end), `people` (who somebody is) and `errors` (what a failure means).
"""
