"""How a word of the vocabulary is written for people. Codes are stable; what stands here may change with the language."""

from __future__ import annotations

import re

from contracts.vocabulary.partnerships import PartnershipOffice, Perspective

_AS_A_WHOLE: dict[str, str] = {
    Perspective.lived_experience_self: "own lived experience",
    Perspective.lived_experience_family_carer: "lived experience as family or carer",
    Perspective.lived_experience_employed: "employed for lived experience",
    PartnershipOffice.co_chair_lived_experience: "co-chair for lived experience",
    PartnershipOffice.co_chair_provider: "co-chair for providers",
}
_CAPITALS = re.compile(r"\b(isl|bsl|camhs)\b")


def words(code: str) -> str:
    """A word of the vocabulary as people write it: `co_design` is "co-design", an age of `18_24` is "18 to 24"."""
    if said := _AS_A_WHOLE.get(code):
        return said
    text = re.sub(r"(?<=\d)_(?=\d)", " to ", re.sub(r"^co_", "co-", code)).replace("_", " ")
    return _CAPITALS.sub(lambda found: found[0].upper(), text)
