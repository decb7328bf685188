"""`python -m tests.interference --count`: how much is asked, and of whom; needs no database."""

from __future__ import annotations

import os
from collections import Counter


def main() -> None:
    """Print routes, people and verbs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.test")
    import django  # noqa: PLC0415 - slow import

    django.setup()
    from .people import PEOPLE  # noqa: PLC0415 - app ready
    from .routes import methods_of, routes  # noqa: PLC0415 - app ready

    found = list(routes())
    own = [view for route, view in found if not route.startswith("admin/")]
    verbs = Counter(method for view in own for method in methods_of(view))
    print(f"{len(found)} routes, {len(own)} of them the service's own, {len(PEOPLE)} people")  # noqa: T201
    print(f"{sum(verbs.values())} route and verb: {dict(verbs)}; {sum(verbs.values()) * len(PEOPLE)} cells")  # noqa: T201


if __name__ == "__main__":
    main()
