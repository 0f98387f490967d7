"""What a watch read: FIT files made here byte by byte, CSV, and the film beside them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from midstance.comparison.watch import compare_with_watch, watch_measures
from midstance.errors import InputError, UsageError
from midstance.formats.watch import read_watch
from midstance.model import Measure, MeasureSide

START = datetime(2026, 5, 1, 7, 30, tzinfo=UTC)
FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)


def crc(content: bytes) -> int:
    """The FIT checksum: CRC-16 with the reflected polynomial A001."""
    value = 0
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


RUN_FIELDS = ((253, 4, 0x86), (4, 1, 0x02), (53, 1, 0x02), (41, 2, 0x84), (39, 2, 0x84), (73, 4, 0x86), (85, 2, 0x84))
RUN_FIELDS = (*RUN_FIELDS, (84, 2, 0x84))
STAMP = int((START - FIT_EPOCH).total_seconds())


def defined(name: int, number: int, fields: Sequence[tuple[int, int, int]]) -> bytes:
    """A definition message, little-endian."""
    return bytes([0x40 | name, 0, 0]) + struct.pack("<HB", number, len(fields)) + b"".join(map(bytes, fields))


def ran(second: int, *, stance_ms: float = 250.0, bounce_cm: float = 8.1, balance: int = 5100) -> bytes:
    """A record: 85.5 strides a minute, 3.0 m/s, 1.05 m, left foot 51 % of contact unless said otherwise."""
    values = (STAMP + second, 85, 64, round(stance_ms * 10), round(bounce_cm * 100), 3000, 10500, balance)
    return bytes([0]) + struct.pack("<IBBHHIHH", *values)


def fit(body: bytes) -> bytes:
    head = struct.pack("<BBHI4s", 14, 0x10, 2132, len(body), b".FIT")
    head += struct.pack("<H", crc(head))
    return head + body + struct.pack("<H", crc(head + body))


def fit_file(path: Path, seconds: int, *, before: bytes = b"", after: bytes = b"") -> Path:
    """Records a second apart."""
    records = b"".join(ran(second) for second in range(seconds))
    path.write_bytes(fit(before + defined(0, 20, RUN_FIELDS) + records + after))
    return path


def sport(kind: int) -> bytes:
    """The sport that begins here."""
    return defined(3, 12, ((0, 1, 0x00), (1, 1, 0x00))) + bytes([3, kind, 0])


def session(kind: int, first: int, last: int) -> bytes:
    """The summary of a part that lasted from one second to another."""
    fields = ((253, 4, 0x86), (2, 4, 0x86), (5, 1, 0x00))
    return defined(4, 18, fields) + bytes([4]) + struct.pack("<IIB", STAMP + last, STAMP + first, kind)


def seconds_of(path: Path) -> list[int]:
    return [round((record.at - START).total_seconds()) for record in read_watch(path)]


def film(name: str, value: float, error: float, side: MeasureSide = "both") -> Measure:
    return Measure(id=name, side=side, value=value, sd=1.0, n=8, uncertainty=error, unit="ms")


def test_fit_is_read_in_our_units(tmp_path: Path) -> None:
    read = {m.id: m.value for m in watch_measures(read_watch(fit_file(tmp_path / "run.fit", 60)), START, 60)}
    assert read == pytest.approx(
        {
            "cadence_spm": 171.0,
            "contact_time_ms": 250.0,
            "vertical_oscillation_cm": 8.1,
            "step_length_m": 1.05,
            "speed_mps": 3.0,
            "asymmetry_contact_time_pct": 4.0,
        }
    )


def test_only_the_time_of_the_take_counts(tmp_path: Path) -> None:
    table = tmp_path / "run.csv"
    lines = [f"{(START + timedelta(seconds=s)).isoformat()},{160 if s < 100 else 180}" for s in range(200)]
    table.write_text("\n".join(["time,cadence_spm", *lines]))
    (cadence,) = watch_measures(read_watch(table), START + timedelta(seconds=120), 10)
    assert (cadence.value, cadence.n, cadence.sd) == (180.0, 17, 0.0)
    assert cadence.uncertainty == pytest.approx(1.8)
    with pytest.raises(UsageError, match=r"recorded from 2026-05-01 07:30:00 to 2026-05-01 07:33:19"):
        watch_measures(read_watch(table), START + timedelta(hours=1), 10)


def test_disagreement_beyond_both_errors_is_said() -> None:
    watch = [film("contact_time_ms", 250.0, 30.0)]
    near = [film("contact_time_ms", 270.0, 8.0, "left"), film("contact_time_ms", 274.0, 6.0, "right")]
    (row,) = compare_with_watch(near, watch)
    assert (row.film, row.watch, row.agree) == (272.0, 250.0, True)
    assert row.error == pytest.approx((30**2 + 5**2) ** 0.5)
    far = [film("contact_time_ms", 300.0, 8.0)]
    assert not compare_with_watch(far, watch)[0].agree
    assert compare_with_watch([], watch) == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b\n1,2\n", "needs a column time"),
        ("time,cadence_spm\n2026-05-01T07:30:00,170\n", "has no zone"),
        ("time,cadence_spm\nyesterday,170\n", "line 2"),
        ("time,cadence_spm\n", "no running records"),
        ("time,cadence_spm\n2026-05-01T07:30:00Z,fast\n", "line 2"),
        ("time,cadence_spm\n,170\n", "line 2"),
    ],
)
def test_faults_of_a_table_are_told(tmp_path: Path, content: str, says: str) -> None:
    table = tmp_path / "run.csv"
    table.write_text(content)
    with pytest.raises(InputError, match=says):
        read_watch(table)


def test_gaps_of_a_table_are_no_numbers(tmp_path: Path) -> None:
    """An empty cell, a row that ends early, nan and inf are nothing read; a space after a comma is none of the name."""
    table = tmp_path / "run.csv"
    rows = [
        (START + timedelta(seconds=s)).isoformat() + end for s, end in enumerate((",170, 3", ",,3", "", ",nan,inf"))
    ]
    table.write_text("\n".join(["time,cadence_spm, speed_mps", *rows]))
    read = {m.id: (m.value, m.n) for m in watch_measures(read_watch(table), START, 4)}
    assert read == {"cadence_spm": (170.0, 1), "speed_mps": (3.0, 2)}


def test_what_is_no_text_is_no_table(tmp_path: Path) -> None:
    table = tmp_path / "run.csv"
    table.write_bytes(b"\xff\xfe\x00junk")
    with pytest.raises(InputError, match="is no text"):
        read_watch(table)


def test_what_is_no_fit_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    for content in (b"", b"a letter" * 20):
        path.write_bytes(content)
        with pytest.raises(InputError, match="is no FIT file"):
            read_watch(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_watch(tmp_path / "gone.fit")


def test_zeros_of_a_sensor_that_is_not_ready_are_not_measured(tmp_path: Path) -> None:
    waking = b"".join(ran(second, stance_ms=0, bounce_cm=0, balance=0) for second in range(4))
    path = tmp_path / "run.fit"
    ready = b"".join(ran(second, bounce_cm=8.5, balance=5000) for second in range(4, 12))
    path.write_bytes(fit(defined(0, 20, RUN_FIELDS) + waking + ready))
    read = {m.id: (round(m.value, 6), m.n) for m in watch_measures(read_watch(path), START, 12)}
    assert read["contact_time_ms"] == (250.0, 8)
    assert read["vertical_oscillation_cm"] == (8.5, 8)
    assert read["asymmetry_contact_time_pct"] == (0.0, 8)
    assert read["cadence_spm"] == (171.0, 12)


def test_zeros_of_a_table_are_not_measured_but_an_even_stride_is(tmp_path: Path) -> None:
    table = tmp_path / "run.csv"
    rows = [f"{(START + timedelta(seconds=s)).isoformat()},{0 if s < 2 else 240},0" for s in range(4)]
    table.write_text("\n".join(["time,contact_time_ms,asymmetry_contact_time_pct", *rows]))
    read = {m.id: (m.value, m.n) for m in watch_measures(read_watch(table), START, 4)}
    assert read == {"contact_time_ms": (240.0, 2), "asymmetry_contact_time_pct": (0.0, 4)}


@pytest.mark.parametrize("cut", [1, 3, 30])
def test_a_recording_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, cut: int) -> None:
    path = fit_file(tmp_path / "run.fit", 5)
    path.write_bytes(path.read_bytes()[:-cut])
    assert seconds_of(path) == list(range(5 if cut < 3 else 4 if cut < 23 else 3))


def test_a_bad_message_loses_only_itself(tmp_path: Path) -> None:
    """Whichever byte of a record is damaged, no other record is lost, none is invented, and nothing else is raised."""
    path = fit_file(tmp_path / "run.fit", 8)
    whole, size = path.read_bytes(), len(ran(0))
    start = 14 + len(defined(0, 20, RUN_FIELDS)) + 3 * size
    for at in range(start, start + size):
        for byte in (0x00, 0x07, 0x40, 0x4F, 0x85, 0xFF):
            path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
            seen = seconds_of(path)
            assert {0, 1, 2, 4, 5, 6, 7} <= set(seen), (at - start, byte, seen)
            assert len(seen) <= 8


def test_one_file_after_another_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    parts = [fit(defined(0, 20, RUN_FIELDS) + ran(first) + ran(first + 1)) for first in (0, 10)]
    path.write_bytes(b"".join(parts))
    assert seconds_of(path) == [0, 1, 10, 11]


def test_big_endian_lists_texts_and_fields_of_developers_are_passed_over(tmp_path: Path) -> None:
    fields = ((253, 4, 0x86), (8, 5, 0x07), (41, 2, 0x84), (50, 4, 0x84))
    definition = bytes([0x65, 0, 1]) + struct.pack(">HB", 20, len(fields)) + b"".join(map(bytes, fields))
    definition += bytes([1]) + bytes([0, 3, 0])
    path = tmp_path / "run.fit"
    record = bytes([5]) + struct.pack(">I5sH4s3s", STAMP, b"\xff\xfe\xff\xfe\xff", 2310, b"list", b"dev")
    path.write_bytes(fit(definition + record))
    (read,) = read_watch(path)
    assert read.values == pytest.approx({"contact_time_ms": 231.0})


def test_times_in_the_first_byte_are_read(tmp_path: Path) -> None:
    body = defined(0, 20, RUN_FIELDS) + ran(0) + defined(1, 20, ((41, 2, 0x84),))
    for second in range(1, 70):
        body += bytes([0x80 | 1 << 5 | (STAMP + second) % 32]) + struct.pack("<H", 2400)
    path = tmp_path / "run.fit"
    path.write_bytes(fit(body))
    assert seconds_of(path) == list(range(70))


@pytest.mark.parametrize("kind", [2, 21, 5, 33])
def test_a_ride_is_not_read_as_a_run(tmp_path: Path, kind: int) -> None:
    for told in ({"before": sport(kind)}, {"after": session(kind, 0, 9)}):
        path = fit_file(tmp_path / "ride.fit", 10, **told)
        with pytest.raises(InputError, match="not of a run"):
            read_watch(path)


@pytest.mark.parametrize("kind", [0, 1, 11])
def test_what_is_done_on_foot_is_read(tmp_path: Path, kind: int) -> None:
    assert seconds_of(fit_file(tmp_path / "run.fit", 10, after=session(kind, 0, 9))) == list(range(10))


def test_of_a_triathlon_only_the_run_is_read(tmp_path: Path) -> None:
    path = fit_file(tmp_path / "all.fit", 30, before=sport(2), after=session(2, 0, 14) + session(1, 15, 29))
    assert seconds_of(path) == list(range(15, 30))


def test_a_fit_file_cut_off_in_a_layout_is_one_line(tmp_path: Path) -> None:
    """Found by `make harden`: the last field of a definition lacked its size or its kind."""
    layout = b"\x40\x00\x00\x14\x00\x02\xfd\x04\x86\x04"
    path = tmp_path / "a.fit"
    path.write_bytes(b"\x0e\x20\x34\x08" + len(layout).to_bytes(4, "little") + b".FIT\0\0" + layout)
    with pytest.raises(InputError):
        read_watch(path)
