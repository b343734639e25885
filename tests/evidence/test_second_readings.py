"""Second readings of shipped records: enough of them, and every dispute settled in writing."""

from collections import Counter

from progenitor.evidence import default_catalogue


def test_sixty_records_were_read_twice_by_people_who_did_not_see_each_other() -> None:
    states = Counter(record.state for record in default_catalogue().parameters.values())
    assert states["checked"] >= 60


def test_every_dispute_is_settled_in_writing() -> None:
    records = default_catalogue().parameters.values()
    open_ = [record.id for record in records if record.state == "disputed" and not record.reading]
    assert open_ == []


def test_nothing_is_settled_that_is_not_disputed() -> None:
    records = default_catalogue().parameters.values()
    idle = [record.id for record in records if record.reading and record.state != "disputed"]
    assert idle == []
