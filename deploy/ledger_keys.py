"""With what a region's ledger is signed and witnessed: its own keys, and those of others that it names."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from services.audit.ledger.note import WITNESS, Signer, Verifier
from services.audit.ledger.policy import QUORUM_NONE, Policy, PolicyWrong
from services.audit.ledger.witnesses import Disagreement, Witnesses, over_http
from services.audit.publishing import DamagedLedger, HeadSigner, own_key
from shared import metrics
from shared.settings import Settings, WrongSetting

_log = logging.getLogger(__name__)


def ledger_origin(settings: Settings) -> str:
    """What the region's ledger is called, and its keys."""
    return f"comhar/{settings.region}"


def ledger_signer(settings: Settings, *, create: bool) -> HeadSigner:
    """Who signs the ledger's heads: with its key, and with the next one too while that is there. Raises `DamagedLedger`, ValueError."""
    origin, path = ledger_origin(settings), settings.ledger_key
    memory = path.with_name(f"{path.name}.signed")
    try:
        keys = [own_key(path, origin, create=create and not path.exists() and not memory.exists())]
    except FileNotFoundError:
        raise DamagedLedger(f"the ledger is signed, and its key {path} is missing; put it back") from None
    if settings.ledger_next_key.exists():
        keys.append(own_key(settings.ledger_next_key, origin, create=False))
    return HeadSigner(origin, keys, memory)


def ledger_policy(settings: Settings) -> str:
    """Whom to trust, as the region says it (C2SP tlog-policy)."""
    return settings.ledger_policy_file.read_text(encoding="utf-8") if settings.ledger_policy_file else QUORUM_NONE


def ledger_witnesses(settings: Settings, keys: Sequence[Verifier]) -> Witnesses | None:
    """Who is asked to sign the ledger's heads; nobody without a policy. Raises `WrongSetting`."""
    if (named := settings.ledger_policy_file) is None:
        return None
    try:
        policy = Policy.parse(named.read_bytes()).with_log(keys)
    except (OSError, PolicyWrong) as fault:
        raise WrongSetting(f"COMHAR_LEDGER_POLICY_FILE cannot be used: {fault}") from None
    if not {log.key for log in policy.logs} & set(keys):
        raise WrongSetting("COMHAR_LEDGER_POLICY_FILE names other logs than the ledger of this region")
    return Witnesses(policy, over_http(), clock=time.monotonic, told=_hear)


def _hear(witness: Verifier, fault: Exception) -> None:
    """What a witness did instead of signing. It proves nothing by it, so it is told of and stops nothing."""
    if isinstance(fault, Disagreement):
        # A second history under our name, or a witness that lies: somebody has to find out which.
        metrics.ledger_disagreements.labels("ours").inc()
        _log.critical("the ledger is not witnessed by %s: %s", witness.name, fault)
    else:
        _log.warning("the ledger is not witnessed by %s: %s", witness.name, fault)


def witness_key(settings: Settings, *, create: bool) -> Signer:
    """The key with which this region witnesses other ledgers. Raises `WrongSetting`."""
    path = settings.witness_key
    try:
        return own_key(path, f"{ledger_origin(settings)}/witness", create=create and not path.exists(), kind=WITNESS)
    except (OSError, ValueError) as fault:
        raise WrongSetting(f"the key of the witness cannot be used: {fault}") from None
