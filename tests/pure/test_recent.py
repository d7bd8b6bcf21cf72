from shared.recent import Recent


def test_what_was_set_last_is_remembered_and_no_more_than_so_much() -> None:
    recent: Recent[str, int] = Recent(2)
    recent["first"], recent["second"] = 1, 2
    recent["first"] = 3
    recent["third"] = 4
    assert dict(recent) == {"first": 3, "third": 4}
