"""Everything that can be done with partnerships, and what a person is told of what is stored about them."""

from __future__ import annotations

import threading
from datetime import tzinfo

from contracts.countries import CountryProfile
from contracts.partnerships import (
    AccessNeedFlagged,
    AccessNeedIdentified,
    AccessNeedMet,
    AccessNeedMetConfirmed,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    AccessNeedShared,
    CoChairAppointed,
    ConsentGranted,
    ConsentRefused,
    ConsentWithdrawn,
    EntryCorrected,
    EqualityAnswered,
    ErasureRequested,
    ExpenseClaimed,
    InterestDeclared,
    InterestEnded,
    InterestsConfirmed,
    LeaveBegun,
    LeaveEnded,
    MemberInvited,
    MemberJoined,
    MemberNominated,
    MembershipEnded,
    NominationEnded,
    OfficeLeft,
    OfficeTaken,
    PaymentAccepted,
    PaymentApproved,
    PaymentDeclined,
    PaymentMade,
    PaymentOffered,
    PaymentRejected,
    PerspectiveDeclared,
    SkillOffered,
    SkillUsed,
    SubjectErased,
    TermsOfReferenceAgreed,
)
from services.partnerships.application.belonging import Belonging
from services.partnerships.application.erasing import Erasing
from services.partnerships.application.governing import Governing
from services.partnerships.application.guiding import Guiding
from services.partnerships.application.reminding import Reminding
from services.partnerships.application.working import Working
from services.partnerships.domain import Monitoring
from services.partnerships.views import Directory, Erasures, Expiring, LooseEnds, Occasions, Payments, ToForget, WorkItems
from shared.sealing import Sealer
from shared.store import Recorder


class Partnerships(Governing, Belonging, Reminding, Guiding, Working, Erasing):
    """Partnerships, by the verbs of those who run them."""

    about = {
        MemberNominated: "You were put forward for a partnership under this name.",
        MemberInvited: "You were asked to join a partnership.",
        NominationEnded: "Your nomination ended.",
        MemberJoined: "You joined a partnership under this name.",
        LeaveBegun: "You were away for a while.",
        LeaveEnded: "You came back.",
        PerspectiveDeclared: "You took part from another side.",
        CoChairAppointed: "You were named co-chair.",
        OfficeTaken: "You were given an office.",
        OfficeLeft: "You laid down an office.",
        TermsOfReferenceAgreed: "You agreed terms of reference.",
        MembershipEnded: "Your membership ended.",
        EntryCorrected: "What was recorded of you was put right.",
        AccessNeedIdentified: "Somebody noticed that you will need something to take part.",
        AccessNeedRecorded: "You said what you need to take part.",
        AccessNeedFlagged: "What you need was flagged.",
        AccessNeedShared: "What you need was told to somebody who has to meet it.",
        AccessNeedMet: "What you need was met.",
        AccessNeedNotMet: "What you need was not met.",
        AccessNeedMetConfirmed: "You said whether what you need was met.",
        AccessNeedReviewed: "You were asked whether you still need it.",
        PaymentOffered: "You were offered a payment.",
        PaymentAccepted: "You accepted a payment.",
        PaymentDeclined: "You declined a payment.",
        ExpenseClaimed: "A payment was claimed for you.",
        PaymentApproved: "A payment to you was approved.",
        PaymentRejected: "A payment to you was rejected.",
        PaymentMade: "You were paid.",
        ConsentGranted: "You consented.",
        ConsentRefused: "You were asked to consent, and said no.",
        ConsentWithdrawn: "You withdrew a consent.",
        InterestDeclared: "You declared an interest, or that you have none.",
        InterestsConfirmed: "You confirmed what you had declared.",
        InterestEnded: "An interest you had declared ended.",
        SkillOffered: "You offered what you bring.",
        SkillUsed: "What you offered was made use of.",
        EqualityAnswered: "You answered questions about equality. The answers are sealed, counted, and shown to nobody.",
        ErasureRequested: "It was asked that you be forgotten.",
    }
    fields = {
        MemberNominated: "name",
        MemberJoined: "name",
        InterestDeclared: "interest",
        SkillOffered: "skill",
        AccessNeedRecorded: "need",
        EqualityAnswered: "answers",
    }
    erased = SubjectErased

    def __init__(  # noqa: PLR0917  its read models, in the order of the wiring
        self,
        recorder: Recorder,
        sealer: Sealer,
        directory: Directory,
        forgotten: ToForget,
        erasures: Erasures,
        payments: Payments,
        work_items: WorkItems,
        occasions: Occasions,
        loose_ends: LooseEnds,
        expiring: Expiring,
        *,
        source: str,
        country: CountryProfile,
        zone: tzinfo,
        days: int = 30,
    ) -> None:
        super().__init__(recorder, sealer, source=source)
        self._directory = directory
        self.forgotten = forgotten
        self._erasures = erasures
        self._payments = payments
        self._work_items = work_items
        self._occasions = occasions
        self._loose_ends = loose_ends
        self._expiring = expiring
        self._backup_days = days
        self.country = country
        self.zone = zone
        self._known, self._known_upto, self._knowing = Monitoring(), 0, threading.Lock()
