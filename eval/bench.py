"""What an answer costs beside the bare encoding of its question, both in one run.

    python -m eval.bench

Alternates the two over the tuning questions, so that a slow moment of the machine hits
both. A benchmark to read, not a test.
"""

from __future__ import annotations

import statistics
import time

from app.answer import open_chain
from eval.dataset import Answerable, load

ROUNDS = 3


def main() -> None:
    """Print the median milliseconds of both and their ratio."""
    from sentence_transformers import SentenceTransformer

    chain = open_chain()
    bare = SentenceTransformer(str(chain.index.model.folder), device="cpu", local_files_only=True)
    questions = [row.question for row in load(Answerable, "tuning")]
    encode: list[float] = []
    answer: list[float] = []
    for question in questions:
        bare.encode(question)
        chain.invoke(question)
    for _ in range(ROUNDS):
        for question in questions:
            begin = time.perf_counter()
            bare.encode(question, show_progress_bar=False)
            middle = time.perf_counter()
            chain.invoke(question)
            end = time.perf_counter()
            encode.append((middle - begin) * 1000)
            answer.append((end - middle) * 1000)
    bare_ms, answer_ms = statistics.median(encode), statistics.median(answer)
    print(f"bare encoding  {bare_ms:7.2f} ms   median of {len(encode)}")
    print(f"whole answer   {answer_ms:7.2f} ms   median of {len(answer)}")
    print(f"ratio          {answer_ms / bare_ms:7.2f}")


if __name__ == "__main__":
    main()
