"""A desk that has the hub alone changes its keys; the hub refuses the former one."""

from __future__ import annotations

import pytest

from hub.hubs import Running
from sync.desks import Country
from sync.test_rotation import ask, known
from traffick_desk.sync.hub_client import HubClient
from traffick_desk.sync.hub_errors import HubUnknownDesk


def test_new_keys_over_the_hub_alone(hub: Running, land: Country) -> None:
    a, p = land.a, land.province
    case = a.open_case()
    hub.round(a)
    before, shown = a.keys, known(a, "a").encode()
    ask(a)
    hub.round(a)
    hub.round(p)
    hub.round(a)
    assert a.keys.signing.verify_key.raw == known(p, "a").desk.verify_key
    assert a.keys.signing.raw != before.signing.raw
    # Its former key is still the one that the hub knows; it shows the new certificate by itself.
    late = a.open_case()
    hub.round(a)
    hub.round(p)
    assert p.cases() == {case, late}
    p.edit("case", case, case, stage="support")
    hub.round(p)
    hub.round(a)
    assert a.value("case", case, "stage") == "support"
    # From now on whoever has the former key is a stranger at the hub, with the old certificate too.
    thief = HubClient(hub.address, before, shown, pause=hub.pauses.append)
    with pytest.raises(HubUnknownDesk):
        thief.waiting()
    thief.close()


def test_a_key_that_the_province_alone_put_in_is_not_taken(hub: Running, land: Country) -> None:
    import dataclasses

    from traffick_desk.sync.certificate import Certificate
    from traffick_desk.sync.keys import DeviceKeys

    hub.round(land.a)
    real = known(land.a, "a")
    keys = DeviceKeys.generate("a")
    desk = dataclasses.replace(
        real.desk, verify_key=keys.signing.verify_key.raw, recipient=keys.recipient
    )
    forged = Certificate.sign(desk, 99, real.issued_at, "p", (), land.province.keys.signing)
    client = HubClient(hub.address, keys, forged.encode(), pause=hub.pauses.append)
    with pytest.raises(HubUnknownDesk):
        client.waiting()
    client.close()
    assert hub.round(land.a).taken == ()
