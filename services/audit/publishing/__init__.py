"""The ledger's signed heads: files first, then the head in the database, then signature and witnesses, and the checkpoint last.

`publisher` takes the steps, one after the other; `signer` signs and remembers what it signed; `agreement` says at the start whether
rows, files, head and signer tell the same story.
"""

from services.audit.publishing.agreement import DamagedLedger
from services.audit.publishing.publisher import Publisher, Refused, Witnesses
from services.audit.publishing.signer import HeadSigner, SignatureRefused, own_key

__all__ = ["DamagedLedger", "HeadSigner", "Publisher", "Refused", "SignatureRefused", "Witnesses", "own_key"]
