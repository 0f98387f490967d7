"""What a watch read: FIT files made here byte by byte, CSV, and the film beside them."""

from __future__ import annotations

import struct
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


def fit_file(path: Path, seconds: int, *, stance_ms: float = 250.0) -> Path:
    """Records a second apart: 85.5 strides a minute, 8.1 cm, 3.0 m/s, 1.05 m, left foot 51 % of contact."""
    fields = [(253, 4, 0x86), (4, 1, 0x02), (53, 1, 0x02), (41, 2, 0x84), (39, 2, 0x84), (73, 4, 0x86), (85, 2, 0x84)]
    fields.append((84, 2, 0x84))
    body = bytes([0x40, 0, 0]) + struct.pack("<HB", 20, len(fields)) + b"".join(bytes(field) for field in fields)
    for second in range(seconds):
        stamp = int((START - FIT_EPOCH).total_seconds()) + second
        body += bytes([0]) + struct.pack("<IBBHHIHH", stamp, 85, 64, round(stance_ms * 10), 810, 3000, 10500, 5100)
    head = struct.pack("<BBHI4s", 14, 0x10, 2132, len(body), b".FIT")
    head += struct.pack("<H", crc(head))
    path.write_bytes(head + body + struct.pack("<H", crc(head + body)))
    return path


def film(name: str, value: float, error: float, side: MeasureSide = "both") -> Measure:
    return Measure(id=name, side=side, value=value, sd=1.0, n=8, uncertainty=error, unit="ms")


def test_fit_is_read_in_our_units(tmp_path: Path) -> None:
    pytest.importorskip("fitdecode")
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


def test_broken_fit_is_told(tmp_path: Path) -> None:
    pytest.importorskip("fitdecode")
    path = fit_file(tmp_path / "run.fit", 5)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="damaged"):
        read_watch(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_watch(tmp_path / "gone.fit")
