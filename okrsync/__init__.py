"""okrsync keeps OKRs in Notion, Jira and Google Sheets consistent and explains every number.

The house, its words and the one-way flow through it are described in docs/design.md.
"""

__version__ = "0.1.0"
