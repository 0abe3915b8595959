"""The map: where points are drawn, moving, zooming, points on one place, rings of distance."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk.desk.pages.map_model import CLOSEST, WIDEST, MapModel, Point
from traffick_desk.domain.geo import Position, distance_km

HOME = Position(22.25, 106.46)
OFFSETS = st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=1, max_size=40)


def made(offsets, width=600, height=400):
    model = MapModel(width, height)
    model.show(
        [
            Point(n, Position(HOME.lat + a, HOME.lon + b), f"P{n}")
            for n, (a, b) in enumerate(offsets)
        ],
        HOME,
    )
    return model


@given(OFFSETS)
def test_fitting_shows_the_origin_and_all_of_a_few_points(offsets):
    model = made(offsets[:25])
    for place in (HOME, *(p.position for p in model.points)):
        x, y = model.at(place)
        assert -1 <= x <= 601
        assert -1 <= y <= 401


@given(OFFSETS, st.floats(0.2, 5), st.floats(0, 600), st.floats(0, 400))
def test_zooming_keeps_what_lies_under_the_pointer(offsets, factor, x, y):
    model = made(offsets)
    before = model.place(x, y)
    model.zoom(factor, x, y)
    assert model.at(before) == pytest.approx((x, y), abs=0.01)
    assert CLOSEST <= 400 / model.scale <= WIDEST + 1e-6


@given(OFFSETS, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_moves_everything_by_as_much(offsets, dx, dy):
    model = made(offsets)
    before = [model.at(p.position) for p in model.points]
    model.pan(dx, dy)
    after = [model.at(p.position) for p in model.points]
    for (x, y), (nx, ny) in zip(before, after, strict=True):
        assert (nx, ny) == pytest.approx((x - dx, y - dy), abs=0.01)


@given(OFFSETS)
def test_every_point_in_sight_is_in_exactly_one_mark(offsets):
    model = made(offsets)
    drawn = [p.key for mark in model.marks() for p in mark.points]
    assert len(drawn) == len(set(drawn))
    for point in model.points:
        x, y = model.at(point.position)
        if 0 <= x <= 600 and 0 <= y <= 400:
            assert point.key in drawn


def test_points_on_one_place_are_one_mark_and_part_when_zoomed_in():
    model = made([(0.01, 0.01), (0.0101, 0.0101), (0.2, 0.2)])
    [both] = [m for m in model.marks() if len(m.points) == 2]
    assert {p.key for p in both.points} == {0, 1}
    assert model.mark_at(both.x + 3, both.y - 3) == both
    assert model.mark_at(both.x + 40, both.y) is None
    model.go_to(model.points[0].position)
    for _step in range(20):
        model.zoom(2)
    assert all(len(m.points) == 1 for m in model.marks())


@given(OFFSETS, st.floats(0.05, 30))
def test_rings_pass_through_the_view_and_stand_for_their_distance(offsets, factor):
    model = made(offsets)
    model.zoom(factor)
    for x, y, radius, km in model.rings():
        assert radius == pytest.approx(km * model.scale)
        assert (x, y) == pytest.approx(model.at(HOME))
        north = model.place(x, y - radius)
        if km < 100:
            assert distance_km(HOME, north) == pytest.approx(km, rel=0.01)


def test_a_far_point_does_not_make_the_near_ones_vanish():
    near = [(0.01 * math.cos(n), 0.01 * math.sin(n)) for n in range(30)]
    model = made([*near, (-10, 0)])
    x, y = model.at(HOME)
    shown = [p for p in model.points[:30] if abs(model.at(p.position)[0] - x) > 20
             or abs(model.at(p.position)[1] - y) > 20]  # fmt: skip
    assert len(shown) > 20


def test_the_view_stays_when_the_same_place_is_asked_again_with_other_points():
    model = made([(0.1, 0.1)])
    model.zoom(3)
    scale = model.scale
    model.show([Point("x", HOME, "X")], HOME)
    assert model.scale == scale
    model.show([Point("x", HOME, "X")], Position(10.8, 106.7))
    x, y = model.at(Position(10.8, 106.7))  # another origin: the view goes there
    assert 0 <= x <= 600
    assert 0 <= y <= 400
