"""Imitated Jira, Notion and Google Sheets on loopback ports, for tests, demos and trying things out."""
