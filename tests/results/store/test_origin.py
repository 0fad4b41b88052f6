"""A run says where it came from."""

from pathlib import Path

from results.store.origin import commit, hash_of_inputs, peak_memory_mb, versions


def test_outside_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    assert commit(tmp_path) is None


def test_whatever_decides_the_numbers_changes_the_hash() -> None:
    asked = [("a", 1, 1.0), ("b", 1, 1.0), ("a", 2, 1.0), ("a", 1, 0.5)]
    assert len({hash_of_inputs(*one) for one in asked}) == len(asked)
    assert hash_of_inputs(*asked[0]) == hash_of_inputs(*asked[0])


def test_memory_is_counted_in_megabytes_and_never_falls() -> None:
    before = peak_memory_mb()
    held = bytearray(50_000_000)
    held[::4096] = b"x" * len(held[::4096])
    after = peak_memory_mb()
    assert 10 < before <= after < 100_000


def test_the_versions_are_those_in_use() -> None:
    import numpy

    assert versions()["numpy"] == numpy.__version__
