"""What the README promises is run as it stands there."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from .service import Service

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]


def test_the_curl_lines_of_the_readme_lead_to_a_choice(service: Service) -> None:
    found = re.search(r"<!-- journey -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found

    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", found.group(1)],
        env={**os.environ, "API": f"{service.url}/api/v1", "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert '"candidates"' in ended.stdout
    assert re.search(r"N-\d{4}-\d{4,}$", ended.stdout.strip())
