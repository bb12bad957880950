"""Google Sheets v4 and Google's token endpoint, imitated: real clients talk to it over a real socket.

`SheetsService` is the way in. Inside: a1, grid and dumps hold the model; formula, functions, evaluate, render
and entry make cells behave; reshape moves them; reading, writing, requests, cellwrites, tags and view are the
API; accounts, quota and routes stand in front; people is the editor's user.
"""

from okrsync.sandbox.sheets.world import SheetsService

__all__ = ["SheetsService"]
