"""Makes the files of this folder out of Debian packages; see README.md.

    apt-get download r-cran-janeaustenr r-cran-palmerpenguins python3-sklearn
    for package in *.deb; do dpkg -x "$package" debian; done
    python3 prepare.py debian
"""

import bz2
import collections
import csv
import gzip
import json
import lzma
import pathlib
import re
import struct
import sys
import zlib

ROOT = pathlib.Path(sys.argv[1])
HERE = pathlib.Path(__file__).parent
NOVELS = [
    "Emma",
    "Mansfield Park",
    "Northanger Abbey",
    "Persuasion",
    "Pride and Prejudice",
    "Sense and Sensibility",
]
COMMONEST = 5  # left out: the, to, and, of, a
WORDS = 100
PASSAGE = 100  # counted words, around the middle of a chapter
CAPITAL = {"i", "mr", "mrs", "miss", "sir", "lady"}


def entries(path):
    """The values of a lazy-load database of R, each a serialised character vector."""
    data = path.read_bytes()
    at = 0
    while at < len(data):
        kind = data[at + 4 : at + 5]
        if kind == b"2":
            reader, start = bz2.BZ2Decompressor(), 5
        elif kind == b"Z":
            filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
            reader, start = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters), 5
        else:
            reader, start = zlib.decompressobj(), 4
        value = reader.decompress(data[at + start :])
        at = len(data) - len(reader.unused_data)
        yield lines(value)


def lines(value):
    at = 14  # format, versions
    at += 4 + struct.unpack(">i", value[at : at + 4])[0]  # the name of the encoding
    _, count = struct.unpack(">ii", value[at : at + 8])
    at += 8
    for _ in range(count):
        _, size = struct.unpack(">ii", value[at : at + 8])
        yield value[at + 8 : at + 8 + size].decode()
        at += 8 + size


def chapters(novel):
    found = []
    for line in novel:
        if re.match(r"\s*chapter \S+\s*$", line, re.I):
            found.append([])
        elif found and not re.match(r"\s*(volume \S+|finis|the end)\s*$", line, re.I):
            found[-1] += re.findall(r"[A-Za-z]+", line)
    return found


def austen():
    folder = ROOT / "usr/lib/R/site-library/janeaustenr/data/Rdata.rdb"
    novels = dict(zip(NOVELS, map(chapters, entries(folder))))
    total, small, where = collections.Counter(), collections.Counter(), {}
    for name, found in novels.items():
        for word in (word for chapter in found for word in chapter):
            total[word.lower()] += 1
            small[word.lower()] += word.islower()
            where.setdefault(word.lower(), set()).add(name)
    common = [
        word
        for word, count in total.most_common()
        if len(where[word]) == len(NOVELS)
        and (small[word] > 0.6 * count or word in CAPITAL)
        and (len(word) > 1 or word in {"a", "i"})
    ]
    words = common[COMMONEST : COMMONEST + WORDS]
    index = {word: i for i, word in enumerate(words)}
    (HERE / "austen-words.txt").write_text("\n".join(words) + "\n")
    with open(HERE / "austen.jsonl", "w") as out:
        for name, found in novels.items():
            for number, chapter in enumerate(found, 1):
                counted = [index[w.lower()] for w in chapter if w.lower() in index]
                start = (len(counted) - PASSAGE) // 2
                passage = counted[start : start + PASSAGE]
                assert len(passage) == PASSAGE
                row = {"sequence": f"{name} {number}", "tokens": [[w] for w in passage]}
                out.write(json.dumps(row, separators=(",", ":")) + "\n")


def penguins():
    source = ROOT / "usr/lib/R/site-library/palmerpenguins/extdata/penguins.csv"
    groups = {}
    with open(source) as rows:
        for row in csv.DictReader(rows):
            numbers = [
                row[key]
                for key in (
                    "bill_length_mm",
                    "bill_depth_mm",
                    "flipper_length_mm",
                    "body_mass_g",
                )
            ]
            if row["sex"] != "NA" and "NA" not in numbers:
                name = " ".join(row[k] for k in ("species", "island", "year", "sex"))
                groups.setdefault(name, []).append(numbers)
    with open(HERE / "penguins.csv", "w") as out:
        out.write("sequence,x1,x2,x3,x4\n")
        for name in sorted(groups):
            for numbers in groups[name]:
                out.write(",".join([name, *numbers]) + "\n")


def digits():
    source = ROOT / "usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"
    with gzip.open(source, "rt") as rows, open(HERE / "digits.csv", "w") as out:
        for _ in range(10):
            row = next(rows).strip().split(",")
            out.write(",".join(str(int(float(number))) for number in row[:64]) + "\n")


austen()
penguins()
digits()
