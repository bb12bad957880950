"""The worlds of the sandbox: five companies with their objectives, numbers and work, in all three tools.

`build` fills the imitated services, the same way every time; `World` says what a client needs to know.
"""

from okrsync.sandbox.world.build import Credentials, World, build
from okrsync.sandbox.world.companies import COMPANIES, Company

__all__ = ["COMPANIES", "Company", "Credentials", "World", "build"]
