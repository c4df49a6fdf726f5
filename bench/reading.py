"""How well papers are read: invented contracts, set in several fonts, printed, spoiled as offices and phones spoil them.

Prints for each kind: characters wrong per hundred, facts (names, numbers, dates, amounts, areas) found, facts that are
wrong without a doubt on any of their characters, seconds a page. `--fonts FOLDER` adds fonts (Kai, FangSong, Song);
`--pages N` pages a kind; `--kinds a,b`; `--show` prints what was missed.
"""

import argparse
import random
import re
import sys
import time
from pathlib import Path

import numpy as np
import pypdfium2
from rapidfuzz.distance import Levenshtein

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.papers.made import Contract, contract, pdf
from bench.papers.spoiled import KINDS, Picture, written
from qingqu.domain.papers.pages import Document, Flow
from qingqu.reading import ocr
from qingqu.reading.scan import read_scan

SAME = str.maketrans({"(": "（", ")": "）", ":": "：", ",": "，", ";": "；", "—": "-", "－": "-", "–": "-"})
DOUBT = 0.9


def bare(text: str) -> str:
    """The text without spaces, look-alike punctuation made one."""
    return re.sub(r"[\s＿]", "", text).translate(SAME)


def page_of(data: bytes, scale: float) -> list[Picture]:
    """The pages as pictures."""
    document = pypdfium2.PdfDocument(data)
    pages = [np.ascontiguousarray(page.render(scale=scale).to_numpy()[:, :, :3]) for page in document]
    document.close()
    return pages


def silent(fact: str, flow: Flow, said: str, at: list[int]) -> bool:
    """Whether a fact that was not read right shows no doubt where it should stand."""
    best = Levenshtein.distance
    size = len(fact)
    where = min(
        range(max(1, len(said) - size + 1)),
        key=lambda index: best(fact, said[index : index + size]),
        default=0,
    )
    if best(fact, said[where : where + size]) > 0.6 * size or not at:
        return False  # it is not there at all: unknown, and so it is shown
    start, end = at[where], at[min(where + size, len(at)) - 1] + 1
    return flow.confidence(start, end) >= DOUBT and not flow.handwritten(start, end)


def measure(made: Contract, document: Document, show: bool) -> tuple[int, int, int, int, int]:
    """(wrong characters, characters, facts, facts found, facts wrong without a doubt)."""
    flow = document.flow()
    at = [index for index, sign in enumerate(flow.text) if bare(sign)]
    said, meant = bare(flow.text), bare("".join(made.lines))
    wrong = Levenshtein.distance(meant, said)
    missed = [fact for fact in made.facts if bare(fact) not in said and fact not in made.hand]
    quiet = [fact for fact in missed if silent(bare(fact), flow, said, at)]
    if show and (missed or wrong):
        for tag, a, b, c, d in Levenshtein.opcodes(meant, said):
            if tag != "equal":
                print("   ", tag, repr(meant[max(0, a - 4) : a]), repr(meant[a:b]), "→", repr(said[c:d]))
        print("    missed", missed, "quiet", quiet)
    facts = [fact for fact in made.facts if fact not in made.hand]
    return wrong, len(meant), len(facts), len(facts) - len(missed), len(quiet)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts"))
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--kinds", default=",".join([*KINDS, "handwritten"]))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    names = {"Noto Serif SC", "Noto Sans SC"}
    found = {path.name.lower() for path in args.fonts.rglob("*.tt[fc]")}
    names |= {"AR PL KaitiM GB"} if "gkai00mp.ttf" in found else set()
    names |= {"AR PL SungtiL GB"} if "gbsn00lp.ttf" in found else set()
    names |= {"LXGW WenKai"} if "lxgwwenkai-regular.ttf" in found else set()
    pen = next(iter(sorted(args.fonts.rglob("LXGWWenKai-Light.ttf"))), None)
    fonts = sorted(names)
    ocr.warm()
    print(f"fonts: {', '.join(fonts)}; seed {args.seed}")
    print(f"{'kind':22}{'pages':>6}{'CER %':>8}{'facts %':>9}{'silent %':>9}{'s/page':>8}{'cpu s':>7}")
    for kind in args.kinds.split(","):
        sums, seconds, work, count = [0] * 5, 0.0, 0.0, 0
        for index in range(args.pages):
            seed = args.seed * 1000 + index
            r = random.Random(seed)
            size, hand = r.choice((10.5, 12, 12, 14)), kind == "handwritten"
            made = contract(seed, hand=hand, size=size, clauses=r.choice((7, 8, 9)) if size < 14 else 6)
            data = pdf(
                made,
                font=fonts[index % len(fonts)],
                fonts=[args.fonts],
                size=size,
                leading=r.choice((0.7, 0.9, 1.1)),
            )
            pages = page_of(data, 200 / 72)
            if hand:
                pages = _by_hand(data, made, pages, r, pen)
            spoiled = [KINDS.get(kind, KINDS["scanned"])(page, r) for page in pages]
            started, busy = time.perf_counter(), time.process_time()
            document = read_scan(spoiled)
            seconds += time.perf_counter() - started
            work += time.process_time() - busy
            count += len(pages)
            got = measure(made, document, args.show)
            if args.show:
                print(
                    f"  {kind} seed {seed} {fonts[index % len(fonts)]} {size}: {got} {[n.code for n in document.notes]}"
                )
            sums = [total + each for total, each in zip(sums, got, strict=True)]
        wrong, whole, facts, right, quiet = sums
        print(
            f"{kind:22}{count:6}{100 * wrong / whole:8.2f}{100 * right / facts:9.1f}{100 * quiet / facts:9.2f}{seconds / count:8.2f}{work / count:7.2f}",
            flush=True,
        )


def _by_hand(
    data: bytes, made: Contract, pages: list[Picture], r: random.Random, pen: Path | None
) -> list[Picture]:
    """The pages with the handwritten facts in their places, found in the PDF's own (transparent) text."""
    if pen is None:
        raise SystemExit("handwritten pages need --fonts with LXGW WenKai")
    document = pypdfium2.PdfDocument(data)
    for index, page in enumerate(document):
        text = page.get_textpage()
        for fact in made.hand:
            searcher = text.search(fact)
            while (hit := searcher.get_next()) is not None:
                boxes = [text.get_charbox(at) for at in range(hit[0], hit[0] + hit[1])]
                scale, top = 200 / 72, page.get_height()
                box = (
                    boxes[0][0] * scale,
                    (top - boxes[0][3]) * scale,
                    boxes[-1][2] * scale,
                    (top - boxes[0][1]) * scale,
                )
                pages[index] = written(pages[index], r, fact, box, pen)
    document.close()
    return pages


if __name__ == "__main__":
    main()
