"""Writes the small Parquet files beside this one: the same rows in the encodings and compressions that other programs write.

Made with pyarrow 26.0.1 (the version stands in each file's `created_by`):  python make_parquet.py
"""

from pathlib import Path

import pyarrow
from pyarrow import parquet

TEXTS = ["good, very", "b\u00e4d \U0001f600", 'a "quoted"\nline', "good, very"]
LABELS = [0, 1, 1, 0]
FOLDER = Path(__file__).parent


def write(name, text, label, **options):
    parquet.write_table(pyarrow.table({"text": text, "label": label}), FOLDER / f"{name}.parquet", **options)


def main():
    text = pyarrow.array(TEXTS)
    write("snappy-int64", text, pyarrow.array(LABELS, pyarrow.int64()), compression="snappy")
    write("zstd-int32", text, pyarrow.array(LABELS, pyarrow.int32()), compression="zstd")
    write("gzip-double", text, pyarrow.array(LABELS, pyarrow.float64()), compression="gzip")
    write("plain-float", text, pyarrow.array(LABELS, pyarrow.float32()), compression="none", use_dictionary=False)
    write("brotli-uint8", text, pyarrow.array(LABELS, pyarrow.uint8()), compression="brotli")
    write("lz4-string", pyarrow.array(TEXTS, pyarrow.large_string()), pyarrow.array([str(label) for label in LABELS]), compression="lz4")
    write("dictionary", text.dictionary_encode(), pyarrow.array([str(label) for label in LABELS]).dictionary_encode(), compression="snappy")
    write("groups-v2", text, pyarrow.array(LABELS), row_group_size=2, data_page_version="2.0", compression="zstd")
    write("nulls", pyarrow.array(["a", None, "b", "c"]), pyarrow.array([0, 1, None, 1]))
    binary = pyarrow.array([b"fine", b"caf\xe9", b"fine too", b"\xff"], pyarrow.binary())
    write("not-utf8", binary, pyarrow.array(LABELS))


main()
