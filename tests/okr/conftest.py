"""Settings shared by the tests of the method.

The first run in a fresh checkout has no example database and a cold machine; slowness there says
nothing about the method, so that one health check is off.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "okr", max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("okr")
