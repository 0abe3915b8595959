"""Coordinates as people write them, distances, and a flat map."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk.domain import geo
from traffick_desk.domain.geo import Flat, Position, distance_km, shown_km, step_km

PLACES = st.builds(
    Position,
    st.floats(geo.SOUTH, geo.NORTH).map(lambda v: round(v, 5)),
    st.floats(geo.WEST, geo.EAST).map(lambda v: round(v, 5)),
)


@pytest.mark.parametrize(
    "text",
    [
        "23.2787, 105.3627",
        "23,2787; 105,3627",
        "23.2787 105.3627",
        "105.3627, 23.2787",
        "23.2787° 105.3627°",
        "N 23.2787 E 105.3627",
        "23°16'43.32\"N 105°21'45.72\"E",
        "23°16′43.32″N, 105°21′45.72″Đ",
    ],
)
def test_coordinates_are_read_as_people_write_them(text):
    assert geo.parse(text) == Position(23.2787, 105.3627)


@pytest.mark.parametrize("text", ["", "23", "here", "48.85, 2.35", "0, 0", "23.1, 24.2", "a, b"])
def test_what_is_no_place_in_or_near_viet_nam_is_refused(text):
    with pytest.raises(geo.NoPosition):
        geo.parse(text)
    assert geo.read(text) is None


@given(PLACES)
def test_a_position_is_stored_to_the_metre(place):
    assert geo.read(place.text()) == place


@given(PLACES, PLACES, PLACES)
def test_distance_is_a_distance(one, other, third):
    assert distance_km(one, one) == 0
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    around = distance_km(one, third) + distance_km(third, other)
    assert distance_km(one, other) <= around + 1e-6


def test_known_distances():
    hanoi, saigon = Position(21.0285, 105.8542), Position(10.7769, 106.7009)
    assert distance_km(hanoi, saigon) == pytest.approx(1_144, abs=5)
    degree = distance_km(Position(21, 105), Position(22, 105))
    assert degree == pytest.approx(math.pi * geo.EARTH_KM / 180)


@pytest.mark.parametrize(
    ("km", "shown"),
    [(0, "50 m"), (0.84, "850 m"), (0.96, "1,0 km"), (3.44, "3,4 km"), (9.96, "10 km"),
     (120.4, "120 km")],
)  # fmt: skip
def test_distances_are_shown_as_exactly_as_they_are_known(km, shown):
    assert shown_km(km) == shown


@given(st.floats(0.001, 5_000))
def test_a_step_of_the_grid_is_round_and_not_far_below(wanted):
    step = step_km(wanted)
    assert step <= wanted * (1 + 1e-6)
    assert wanted <= step * 2.5 * (1 + 1e-6)
    assert round(step / 10 ** math.floor(math.log10(step) + 1e-9)) in {1, 2, 5}


@given(PLACES, st.floats(-80, 80), st.floats(-80, 80))
def test_a_flat_map_is_true_within_a_province(middle, east, north):
    flat = Flat(middle)
    place = flat.to_position(east, north)
    assert flat.to_km(place) == pytest.approx((east, north), abs=1e-6)
    straight = math.hypot(east, north)
    assert distance_km(middle, place) == pytest.approx(straight, rel=0.01, abs=0.01)
