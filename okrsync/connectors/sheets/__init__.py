"""The Google Sheets connector: a tab people edit, and a results tab of okrsync's own beside it.

`settings` is what the admin writes; `client` speaks HTTP; `book`, `decode` and `encode` turn the wire
into plain values; `grid` finds headers, keys and rows; `results` is the own tab and the lookups that
show it; `cells` writes people's cells; `connector` ties them to the port.
"""
