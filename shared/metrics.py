"""Every metric of the project, declared once. Labels are names of parts, never ids, never words."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a series began says nothing here, and doubles what is told

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

# Calls between services
calls_asked = Histogram("comhar_rpc_asked_seconds", "From request to answer, as the caller sees it", ["service", "method"], buckets=_FAST)
calls_answered = Histogram("comhar_rpc_answered_seconds", "From start to reply, in the service", ["service", "method"], buckets=_FAST)
calls_refused = Counter("comhar_rpc_refused", "Calls refused: kind and code of the refusal", ["service", "kind", "code"])
calls_failed = Counter("comhar_rpc_failed", "Calls that failed in a way nobody foresaw", ["service", "method"])
calls_abandoned = Counter("comhar_rpc_abandoned", "Calls dropped because their deadline had passed", ["service"])
messages_unreadable = Counter("comhar_rpc_unreadable", "Messages dropped because they were not calls", ["service"])
reconnects = Counter("comhar_broker_reconnects", "Times a part lost its broker", ["part"])

tending_failed = Counter("comhar_tending_failed", "Times a service could not do what facts of others ask of it", ["service"])

# Store
store_saves = Counter("comhar_store_saves", "Saves given to the database, refused ones included", ["store"])
store_commit_seconds = Histogram("comhar_store_commit_seconds", "One group of saves, from its call to its flush", ["store"], buckets=_FAST)
store_group_saves = Histogram(
    "comhar_store_group_saves", "Saves that shared a commit", ["store"], buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256)
)
store_conflicts = Counter("comhar_store_conflicts", "Saves that came second", ["store"])
store_repeated = Counter("comhar_store_repeated", "Saves that had been done before", ["store"])

# Propagation, sending
relay_lag = Gauge("comhar_relay_lag_facts", "Facts stored and not yet confirmed by the broker", ["source"])
relay_stopped = Gauge("comhar_relay_stopped", "1 while the relay does not go on because its log has a hole", ["source"])
ranges_published = Counter("comhar_relay_ranges", "Ranges given to the broker, beacons included", ["source"])
facts_published = Counter("comhar_relay_facts", "Facts given to the broker", ["source"])
ranges_unroutable = Counter("comhar_relay_unroutable", "Ranges and beacons that no queue took", ["source"])
ranges_refused = Counter("comhar_relay_refused", "Ranges and beacons that some queue could not keep", ["source"])
relay_confirm_seconds = Histogram("comhar_relay_confirm_seconds", "From publishing a range to its confirm", ["source"], buckets=_FAST)

# Propagation, receiving
consumer_position = Gauge("comhar_consumer_position", "Position of the last fact in the view", ["view", "source"])
consumer_lag = Gauge("comhar_consumer_lag_facts", "Facts known to exist that are not in the view", ["view", "source"])
consumer_committed = Gauge(
    "comhar_consumer_committed_timestamp_seconds", "When facts last came into the view (Unix time)", ["view", "source"]
)
consumer_batch = Histogram(
    "comhar_consumer_batch_facts", "Facts that shared a commit", ["view", "source"], buckets=(1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)
)
queues_remade = Counter("comhar_consumer_queues_remade", "Queues that no longer answered and were made anew", ["queue"])
consumer_faults = Counter("comhar_consumer_faults", "Batches that could not be applied", ["view", "source"])
consumer_restarts = Counter("comhar_consumer_restarts", "Times a reader began again from what its database says", ["view", "source"])
consumers_stopped = Gauge("comhar_consumer_stopped", "1 while a view stands still in a source until somebody decides", ["view", "source"])
ranges_fetched = Counter(
    "comhar_consumer_ranges_fetched", "Ranges fetched from the source, at the start or because no message brought them", ["view", "source"]
)
gaps_repaired = Counter(
    "comhar_consumer_gaps_repaired", "Fetches that closed a gap between what a view had and what it was told of", ["view", "source"]
)
facts_unknown = Counter(
    "comhar_consumer_unknown_facts",
    "Facts of a type unknown here, for there is a newer writer; rebuild the view later",
    ["view", "source"],
)
ranges_broken = Counter(
    "comhar_consumer_ranges_broken", "Messages that were no range, or whose lines were out of place", ["view", "source"]
)

# The ledger
ledger_size = Gauge("comhar_ledger_entries", "Entries in the ledger")
checkpoint_size = Gauge("comhar_ledger_checkpoint_entries", "Entries under the last checkpoint")
witnessed_size = Gauge("comhar_ledger_witnessed_entries", "Entries under the last checkpoint that a quorum of witnesses has signed")
checkpoint_made = Gauge("comhar_ledger_checkpoint_timestamp_seconds", "When the last checkpoint was published (Unix time)")
publish_seconds = Histogram("comhar_ledger_publish_seconds", "One checkpoint, from the first file to the last", buckets=_FAST)
signer_refusals = Counter("comhar_ledger_signer_refusals", "Heads the signer refused, not proved to continue what it had signed")
ledger_disagreements = Counter(
    "comhar_ledger_disagreements", "Heads that do not grow from the one signed before: found by our witness, or told by one of ours", ["by"]
)

# Use cases
refusals = Counter("comhar_refusals", "Refused by an application, or at the door: kind and code", ["service", "kind", "code"])
use_case_seconds = Histogram("comhar_use_case_seconds", "One use case, from asking to durable", ["service", "use_case"], buckets=_FAST)

# HTTP
http_seconds = Histogram("comhar_http_seconds", "One request, from its head to its answer", ["operation", "status"], buckets=_FAST)
sign_ins_failed = Counter("comhar_sign_ins_failed", "Tokens that were none, or no longer good")

# The process
hub_stall_seconds = Histogram("comhar_hub_stall_seconds", "How late the hub ran what was due", buckets=_FAST)
