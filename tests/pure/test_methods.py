from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import DecisionMethod, Position, Side
from services.sessions.domain.methods import POSITIONS, Chosen, Voice, carried, carried_on_both_sides, tally, winner
from services.sessions.domain.quorum import Quorum, There

LIVED, PROVIDER, EMPLOYED, OTHER = Side.lived_experience, Side.provider, Side.employed, Side.other
M = DecisionMethod
rankings = st.lists(
    st.permutations([1, 2, 3, 4]).flatmap(lambda order: st.integers(1, 4).map(lambda most: tuple(order[:most]))), max_size=9
)


def sides(lived: tuple[int, int, int], provider: tuple[int, int, int] = (0, 0, 0)) -> dict[Side, tuple[int, int, int]]:
    return {LIVED: lived, PROVIDER: provider, EMPLOYED: (0, 0, 0), OTHER: (0, 0, 0)}


@pytest.mark.parametrize("method", DecisionMethod)
def test_every_method_has_its_positions_and_recusal_is_none_of_them(method: DecisionMethod) -> None:
    assert len(POSITIONS[method]) > 1


@pytest.mark.parametrize(
    ("method", "lived", "provider", "quota", "expected"),
    [
        (M.consent, (3, 0, 1), (0, 0, 1), None, True),
        (M.consent, (3, 1, 0), (9, 0, 0), None, False),
        (M.consent, (0, 0, 3), (0, 0, 3), None, False),
        (M.consensus, (3, 0, 1), (3, 0, 0), None, True),
        (M.consensus, (3, 0, 0), (3, 1, 0), None, False),
        (M.majority, (1, 3, 1), (5, 0, 0), None, True),
        (M.majority, (3, 0, 0), (0, 3, 0), None, False),
        (M.supermajority, (4, 2, 9), (0, 0, 0), None, True),
        (M.supermajority, (3, 2, 0), (0, 0, 0), None, False),
        (M.supermajority, (3, 1, 0), (0, 0, 0), (3, 4), True),
        (M.supermajority, (0, 0, 3), (0, 0, 0), None, False),
        (M.double_majority, (1, 3, 1), (5, 0, 0), None, False),
        (M.double_majority, (2, 1, 0), (1, 0, 4), None, True),
        (M.double_majority, (2, 1, 0), (0, 0, 4), None, False),
        (M.gradients_of_agreement, (2, 2, 0), (1, 0, 0), None, True),
        (M.advice, (0, 5, 0), (0, 5, 0), None, None),
        (M.delegated, (0, 5, 0), (0, 5, 0), None, None),
        (M.sense_check, (5, 0, 0), (5, 0, 0), None, None),
    ],
)
def test_a_method_carries_or_does_not_or_leaves_it_to_somebody(
    method: DecisionMethod,
    lived: tuple[int, int, int],
    provider: tuple[int, int, int],
    quota: tuple[int, int] | None,
    expected: bool | None,
) -> None:
    assert carried(method, sides(lived, provider), quota) is expected


@pytest.mark.parametrize(
    ("lived", "provider", "expected"),
    [((6, 0, 0), (2, 2, 0), False), ((1, 3, 1), (5, 0, 0), False), ((2, 1, 5), (1, 0, 9), True), ((0, 0, 0), (1, 0, 0), False)],
)
def test_both_sides_carry_with_more_than_half_of_each_abstentions_out(
    lived: tuple[int, int, int], provider: tuple[int, int, int], expected: bool
) -> None:
    assert carried_on_both_sides(sides(lived, provider)) is expected


@pytest.mark.parametrize(
    ("position", "place"),
    [
        *((position, 0) for position in (Position.consent, Position.agree, Position.in_favour, Position.endorse)),
        *((position, 0) for position in (Position.agree_with_minor_points, Position.support_with_reservations)),
        (Position.dislike_but_support, 0),
        *((position, 1) for position in (Position.objection, Position.disagree, Position.block, Position.against, Position.veto)),
        *((position, 1) for position in (Position.more_discussion, Position.serious_disagreement)),
        *((position, 2) for position in (Position.abstain, Position.stand_aside)),
    ],
)
def test_a_position_counts_for_against_or_aside_on_its_side(position: Position, place: int) -> None:
    assert tally([Voice(LIVED, position)])[LIVED] == tuple(int(number == place) for number in range(3))


def test_whoever_put_a_dot_on_the_winner_is_for_it() -> None:
    voices = [Voice(LIVED, Position.chosen, (2, 1)), Voice(LIVED, Position.chosen, (3,)), Voice(LIVED, Position.abstain)]
    assert tally(voices, Chosen(1, frozenset({1})))[LIVED] == (1, 1, 1)


def test_a_ranking_is_for_the_winner_when_it_counted_for_it_in_the_last_round() -> None:
    """Whoever ranks every option names the winner too: that a side put it last is not that the side carried it."""
    rankings = {LIVED: [(1, 2, 3), (1, 3, 2), (3, 1, 2)], PROVIDER: [(2, 3, 1), (2, 1, 3)]}
    voices = [Voice(side, Position.chosen, ranking) for side, all_of_them in rankings.items() for ranking in all_of_them]
    found = winner(M.ranked_choice, voices)
    assert found == Chosen(1, frozenset({1, 2}))
    assert (tally(voices, found)[LIVED], tally(voices, found)[PROVIDER]) == ((3, 0, 0), (0, 2, 0))
    assert not carried_on_both_sides(tally(voices, found))


def test_options_that_are_tied_for_last_go_together() -> None:
    """Robert's Rules §45:66."""
    assert chosen(M.ranked_choice, (1,), (1,), (2, 3), (3, 2)) == 1


def chosen(method: DecisionMethod, *ballots: tuple[int, ...]) -> int | None:
    found = winner(method, [Voice(LIVED, Position.chosen, ballot) for ballot in ballots])
    return found.option if found else None


@pytest.mark.parametrize(
    ("ballots", "expected"),
    [
        ([(1, 2), (1,), (2, 1)], 1),
        ([(1,), (1,), (2,), (2,), (3, 2)], 2),
        ([(1,), (2,)], None),
        ([], None),
        ([(1,), (2, 3), (3, 2), (2,), (3,), (1, 3), (3,)], 3),
    ],
)
def test_a_ranking_is_counted_by_instant_run_off(ballots: list[tuple[int, ...]], expected: int | None) -> None:
    assert chosen(M.ranked_choice, *ballots) == expected


@given(ballots=rankings)
def test_whoever_is_first_on_more_than_half_of_all_ballots_wins_whatever_the_order_of_ballots(ballots: list[tuple[int, ...]]) -> None:
    found = chosen(M.ranked_choice, *ballots)
    assert chosen(M.ranked_choice, *reversed(ballots)) == found
    firsts = Counter(ballot[0] for ballot in ballots)
    for option, count in firsts.items():
        assert 2 * count <= len(ballots) or found == option


@given(ballots=rankings)
def test_no_name_of_an_option_is_better_than_another(ballots: list[tuple[int, ...]]) -> None:
    found = chosen(M.ranked_choice, *ballots)
    for names in list(permutations([1, 2, 3, 4]))[::5]:
        renamed = chosen(M.ranked_choice, *(tuple(names[choice - 1] for choice in ballot) for ballot in ballots))
        assert renamed == (None if found is None else names[found - 1])


def test_most_dots_win_and_a_tie_chooses_nothing() -> None:
    assert chosen(M.dot_vote, (1, 1, 2), (2, 3)) is None
    assert chosen(M.dot_vote, (1, 1, 2), (3,)) == 1
    assert chosen(M.dot_vote) is None


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ((LIVED, LIVED, PROVIDER, EMPLOYED), True),
        ((LIVED, PROVIDER, EMPLOYED, EMPLOYED), False),
        ((LIVED, LIVED, LIVED, EMPLOYED), False),
        ((LIVED, LIVED, PROVIDER), False),
    ],
)
def test_a_quorum_needs_enough_in_all_and_of_both_sides(there: tuple[Side, ...], expected: bool) -> None:
    assert Quorum(4, 2, 1).holds(There.of(there)) is expected
