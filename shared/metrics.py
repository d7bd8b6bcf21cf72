"""Every metric of the project, declared once. Labels are names of parts, never ids, never words."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

# Calls between services
calls_asked = Histogram("comhar_rpc_asked_seconds", "From request to answer, as the caller sees it", ["service", "method"], buckets=_FAST)
calls_answered = Histogram("comhar_rpc_answered_seconds", "From start to reply, in the service", ["service", "method"], buckets=_FAST)
calls_refused = Counter("comhar_rpc_refused", "Calls refused: kind and code of the refusal", ["service", "kind", "code"])
calls_failed = Counter("comhar_rpc_failed", "Calls that failed in a way nobody foresaw", ["service", "method"])
calls_abandoned = Counter("comhar_rpc_abandoned", "Calls dropped because their deadline had passed", ["service"])
messages_unreadable = Counter("comhar_rpc_unreadable", "Messages dropped because they were not calls", ["service"])
reconnects = Counter("comhar_broker_reconnects", "Times a part lost its broker", ["part"])

# Store
store_saves = Counter("comhar_store_saves", "Saves given to the database, refused ones included", ["store"])
store_group_size = Histogram("comhar_store_group_size", "Saves that shared a commit", ["store"], buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256))
store_commit_seconds = Histogram("comhar_store_commit_seconds", "One group, from its call to its flush", ["store"], buckets=_FAST)
store_conflicts = Counter("comhar_store_conflicts", "Saves that came second", ["store"])
store_repeated = Counter("comhar_store_repeated", "Saves that had been done before", ["store"])
