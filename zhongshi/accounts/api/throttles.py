"""How often one organization may post. Counted in the process: Redis stays off the request path."""

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from zhongshi.accounts.actors import actor_of


class OrganizationThrottle(SimpleRateThrottle):
    """One budget for everybody of an organization, so that a flood cannot be shared out among its people."""

    scope = "post"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Key of the budget; none for reading, and for users of nowhere, whom the view refuses anyway."""
        actor = None if request.method in {"GET", "HEAD", "OPTIONS"} else actor_of(request.user)
        return f"throttle:{self.scope}:{actor.organization.pk}" if actor else None
