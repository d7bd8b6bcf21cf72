"""The verifier's campaign: short among the tests, long with COMHAR_CAMPAIGN=long."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from deploy import verify
from tests.campaigns.mutations import DAMAGE, FORGERY, mutate, set_up

NUMBER = 10_000 if os.environ.get("COMHAR_CAMPAIGN") == "long" else 300


def test_no_mutation_goes_unseen_and_the_first_wrong_entry_is_named() -> None:
    seen = mutate(NUMBER)
    assert seen.total() == NUMBER
    assert set(seen) == {kind.__name__ for kind in (*DAMAGE, *FORGERY)}


def test_the_command_sees_what_the_functions_see(tmp_path: Path) -> None:
    scene = set_up(tmp_path, seed=9)
    for kind in random.Random(9).sample(FORGERY, 5):
        kind(scene)
        done = subprocess.run(
            (sys.executable, verify.__file__, scene.folder, "--key", scene.log.vkey, "--older", scene.folder / "checkpoint", "--json"),
            capture_output=True,
            check=False,
        )
        scene.put_back()
        assert done.returncode == 3 or kind.__name__ in {"rolled_back", "witnesses_dropped", "forked"}, kind.__name__
        assert json.loads(done.stdout)["findings"] or done.returncode == 0
