"""PostgreSQL and Redis together: ours, unless the environment names others."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from .child import Child
from .ground import Ground, data_folder, lasting_ground, only_one, temporary_ground
from .postgres import start_postgres
from .programs import programs_for
from .redis import start_redis


@dataclass(frozen=True, slots=True)
class Stores:
    """Where both are; `children` are those we started and must keep an eye on."""

    database_url: str
    redis_url: str
    children: tuple[Child, ...]

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


@contextmanager
def open_stores(environ: Mapping[str, str], *, temporary: bool) -> Iterator[Stores]:
    """Start what DATABASE_URL and REDIS_URL do not name, stop it afterwards.

    `temporary`: fresh and gone afterwards, any number at once. Else those of `data_folder`, one at a time.
    """
    database_url, redis_url = environ.get("DATABASE_URL", ""), environ.get("REDIS_URL", "")
    children: list[Child] = []
    with ExitStack() as stack:
        if not (database_url and redis_url):
            ground = stack.enter_context(temporary_ground() if temporary else _own_ground(environ))
            programs = programs_for(ground)
            if not redis_url:
                redis = start_redis(ground, programs)
                stack.callback(redis.stop)
                children.append(redis.child)
                redis_url = redis.url
            if not database_url:
                postgres = start_postgres(ground, programs)
                stack.callback(postgres.stop)
                children.append(postgres.child)
                database_url = postgres.url
        yield Stores(database_url, redis_url, tuple(children))


@contextmanager
def _own_ground(environ: Mapping[str, str]) -> Iterator[Ground]:
    folder = data_folder(environ)
    with only_one(folder):
        yield lasting_ground(folder)
