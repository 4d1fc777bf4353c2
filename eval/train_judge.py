"""Train the judge on the tuning pairs and write app/answer/judge.json and its card.

    python -m eval.train_judge           train, cross-validate, write, print the table
    python -m eval.train_judge --test    the same, then judge the test part once

Gradient-boosted trees (scikit-learn, seeded) over the signals of app.answer.judge_signals.
Every figure on the tuning part comes from folds that share no passage. The threshold and
the calibration come from those folds too. Test rows are refused for training, by file
name and by content; `--test` reads them after everything has been written.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.answer.judge_signals import signals
from app.answer.verify import HOME, Blend, quoted
from eval.dataset import DATA, JUDGE_TEST, DataError, Pair, read_rows

PAIRS = DATA / "pairs"
TUNING = (
    "article",
    "evidence-t1",
    "evidence-t2",
    "evidence-h1",
    "evidence-h2",
    "training-odd",
    "health-odd",
)
SEED = 20261123
FOLDS = 4
COPIED_BINS = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
FALSE_ALARMS = 0.095
"""The threshold lets at most this share of supported tuning claims raise an alarm."""

TREES: dict[str, Any] = {
    "n_estimators": 500,
    "max_depth": 4,
    "learning_rate": 0.03,
    "subsample": 0.5,
    "max_features": 0.12,
    "random_state": SEED,
}
EPOCHS, BATCH, RATE = 7, 32, 1e-3
ELSEWHERE_TREES, ELSEWHERE_NETWORK = 0.06, 0.12
"""Claims that are true elsewhere, added to what is trained on, as a share of it.

The pairs written by hand hold few: without these the trees take any sentence that
shares no word with its passage for a bold paraphrase.
"""
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Read = dict[str, tuple[Any, Any]]
"""A text -> its words as the network sees them."""


class HeldOutRefused(DataError):
    """Somebody asked to train on rows that decide how good the judge is."""


@dataclass(frozen=True)
class Samples:
    """Pairs as the trees see them."""

    pairs: Sequence[Pair]
    names: tuple[str, ...]
    x: Floats
    supported: Bools
    quoted: Bools

    @property
    def copied(self) -> Floats:
        """How much of each claim is copied."""
        column: Floats = self.x[:, self.names.index("copied")]
        return column

    @property
    def weights(self) -> Floats:
        """What each pair counts."""
        return evened_out(self.copied, self.supported)

    @property
    def passages(self) -> list[str]:
        """The group of each pair: no passage may stand on both sides of a fold."""
        return [pair.passage for pair in self.pairs]


def training_pairs(names: Sequence[str] = TUNING, folder: Path = PAIRS) -> list[Pair]:
    """The rows to train on.

    Raises:
        HeldOutRefused: if a file of the test part is named, or holds a row of one.
    """
    refused = [name for name in names if Path(name).stem in JUDGE_TEST]
    if refused:
        raise HeldOutRefused(f"{refused[0]}: a test part; the judge is never trained on it.")
    tests = [path for name in JUDGE_TEST if (path := folder / f"{name}.jsonl").is_file()]
    files = {_digest(path) for path in tests}
    lines = {line for path in tests for line in path.read_text("utf-8").splitlines()}
    rows: list[Pair] = []
    for name in names:
        path = folder / f"{name}.jsonl"
        rows += read_rows(Pair, path)
        if _digest(path) in files:
            raise HeldOutRefused(f"{path}: a copy of a test part; the judge never learns it.")
        if lines & set(path.read_text("utf-8").splitlines()) - {""}:
            raise HeldOutRefused(f"{path}: a row of a test part; the judge never learns it.")
    return rows


def samples(pairs: Sequence[Pair]) -> Samples:
    """Signals of every pair."""
    found = [signals(pair.claim, pair.passage).values for pair in pairs]
    names = tuple(sorted(found[0]))
    return Samples(
        pairs,
        names,
        np.array([[float(values[name]) for name in names] for values in found]),
        np.array([pair.label == "supported" for pair in pairs]),
        np.array([quoted(pair.claim, pair.passage) for pair in pairs]),
    )


def evened_out(copied: Floats, supported: Bools) -> Floats:
    """Weights under which it tells nothing how much of a claim is copied.

    Whoever writes pairs tends to plant errors in copied sentences and to write what
    follows in new words. A judge that learns this habit fails where overlap misleads.
    """
    weights = np.ones(len(copied))
    bins = np.digitize(copied, COPIED_BINS)
    for number in np.unique(bins):
        for label in (True, False):
            rows = (bins == number) & (supported == label)
            if rows.any():
                weights[rows] = (bins == number).sum() / (2 * rows.sum())
    return np.clip(weights, 0.2, 4.0)


def fit(data: Samples) -> Any:
    """The trees, trained."""
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(**TREES).fit(data.x, data.supported, data.weights)


def cross_validate(data: Samples, read: Read) -> tuple[Floats, Floats]:
    """Log-odds of trees and network, each pair from those that saw nothing of its passage."""
    from sklearn.model_selection import GroupKFold

    trees, network = np.zeros(len(data.pairs)), np.zeros(len(data.pairs))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for n, (train, test) in enumerate(folds.split(data.x, groups=data.passages), 1):
        _say(f"fold {n} of {FOLDS}: {len(train)} pairs")
        forest, model = fit_both([data.pairs[k] for k in train], read)
        trees[test] = forest.decision_function(data.x[test])
        network[test] = ask_network(model, [data.pairs[k] for k in test], read)
    return trees, network


def fit_both(pairs: Sequence[Pair], read: Read) -> tuple[Any, Any]:
    """Trees and network, trained on these pairs and on some of their claims elsewhere."""
    data = samples([*pairs, *elsewhere(pairs, ELSEWHERE_TREES)])
    forest = fit(data)
    more = samples([*pairs, *elsewhere(pairs, ELSEWHERE_NETWORK)])
    return forest, fit_network(more, read)


def elsewhere(pairs: Sequence[Pair], share: float) -> list[Pair]:
    """Plainly worded claims beside passages of other pairs, which do not tell them."""
    rng = np.random.default_rng(SEED)
    plain = [pair for pair in pairs if pair.type in {"verbatim", "partial"}]
    moved: list[Pair] = []
    while plain and len(moved) < int(share * len(pairs)):
        pair, other = plain[int(rng.integers(len(plain)))], pairs[int(rng.integers(len(pairs)))]
        change = {"passage": other.passage, "label": "unsupported", "type": "off-passage"}
        if pair.passage != other.passage:
            moved.append(pair.model_copy(update=change))
    return moved


def read_all(pairs: Sequence[Pair]) -> Read:
    """Every text as the network sees it."""
    from app.answer.judge_reader import read_texts

    texts = sorted({t for p in pairs for t in (p.claim, p.passage)}, key=lambda t: (len(t), t))
    read: Read = {}
    for at in range(0, len(texts), 32):
        read |= dict(zip(texts[at : at + 32], read_texts(texts[at : at + 32]), strict=True))
        if at % 640 == 0:
            _say(f"read {at} of {len(texts)} texts")
    return read


def fit_network(data: Samples, read: Read) -> Any:
    """The network, trained with a seed; pairs of like length share a batch."""
    import torch

    from app.answer.judge_network import Aligner
    from app.answer.judge_reader import width

    pairs, counts = data.pairs, torch.tensor(data.weights, dtype=torch.float32)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    model = Aligner(width())
    steps = EPOCHS * (len(pairs) // BATCH + EPOCHS)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    wanted = torch.tensor([0.97 if pair.label == "supported" else 0.03 for pair in pairs])
    lengths = np.array([len(read[pair.passage][1]) for pair in pairs])
    for epoch in range(EPOCHS):
        model.train()
        total = 0.0
        for rows in _batches(rng.permutation(len(pairs)), lengths, rng):
            out = model(*_sides([pairs[k] for k in rows], read))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                out, wanted[rows], counts[rows]
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(rows)
        _say(f"  epoch {epoch + 1} of {EPOCHS}: loss {total / len(pairs):.3f}")
    return model.eval()


def ask_network(model: Any, pairs: Sequence[Pair], read: Read) -> Floats:
    """Log-odds of pairs."""
    import torch

    with torch.no_grad():
        found = [
            model(*_sides(pairs[at : at + 64], read)).numpy() for at in range(0, len(pairs), 64)
        ]
    return np.concatenate(found).astype(np.float64)


def _sides(pairs: Sequence[Pair], read: Read) -> tuple[Any, Any]:
    from app.answer.judge_network import pad

    return pad([read[p.claim] for p in pairs]), pad([read[p.passage] for p in pairs])


def _batches(
    order: NDArray[np.int64], lengths: NDArray[np.int64], rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    batches = []
    for at in range(0, len(order), BATCH * 8):
        some = order[at : at + BATCH * 8]
        some = some[np.argsort(lengths[some], kind="stable")]
        batches += [some[k : k + BATCH] for k in range(0, len(some), BATCH)]
    return [batches[k] for k in rng.permutation(len(batches))]


def blend(trees: Floats, network: Floats | None, data: Samples) -> Blend:
    """Weights and threshold from held-out log-odds; quoted claims set apart."""
    from sklearn.linear_model import LogisticRegression

    copied = data.copied
    columns = [trees] if network is None else [trees, network, network * copied, copied]
    x, open_ = np.stack(columns, 1), ~data.quoted
    model = LogisticRegression(C=10.0, max_iter=2000).fit(
        x[open_], data.supported[open_], data.weights[open_]
    )
    weights = [round(float(w), 5) for w in model.coef_[0]] + [0.0] * (4 - len(columns))
    made = Blend(
        trees=weights[0],
        network=weights[1],
        network_copied=weights[2],
        copied=weights[3],
        offset=round(float(model.intercept_[0]), 5),
        threshold=0.0,
    )
    scores = blended(made, trees, network, data)
    return replace(made, threshold=round(bound_at(scores, data), 5))


def bound_at(scores: Floats, data: Samples) -> float:
    """The score under which FALSE_ALARMS of the supported claims lie, each with its weight."""
    own, counts = scores[data.supported], data.weights[data.supported]
    order = np.argsort(own, kind="stable")
    share = np.cumsum(counts[order]) / counts.sum()
    return float(own[order][int(np.searchsorted(share, FALSE_ALARMS))])


def blended(made: Blend, trees: Floats, network: Floats | None, data: Samples) -> Floats:
    """What verify returns as its score."""
    other = np.zeros(len(trees)) if network is None else network
    copied = data.copied
    scores = [made.score(*row) for row in zip(trees, other, copied, strict=True)]
    return np.where(data.quoted, 1.0, np.array(scores))


def copied_of(pairs: Sequence[Pair]) -> Floats:
    """How much of each claim is copied."""
    return np.array([signals(p.claim, p.passage).values["copied"] for p in pairs])


def figures(scores: Floats, pairs: Sequence[Pair], threshold: float) -> dict[str, Any]:
    """AUROC, errors caught and false alarms: all, and by type, each with its n."""
    from sklearn.metrics import roc_auc_score

    supported = np.array([pair.label == "supported" for pair in pairs])
    types = np.array([pair.type for pair in pairs])
    alarm = scores < threshold
    strict = np.quantile(scores[supported], 0.10, method="lower")
    counts = evened_out(copied_of(pairs), supported)
    return {
        "auroc_evened_out": round(float(roc_auc_score(supported, scores, sample_weight=counts)), 4),
        "auroc": round(float(roc_auc_score(supported, scores)), 4),
        "caught": round(float(alarm[~supported].mean()), 4),
        "errors": int((~supported).sum()),
        "false_alarms": round(float(alarm[supported].mean()), 4),
        "clean": int(supported.sum()),
        "caught_at_10_percent_false_alarms": round(float((scores < strict)[~supported].mean()), 4),
        "by_type": {
            str(name): {
                "label": "supported" if supported[types == name][0] else "unsupported",
                "alarms": round(float(alarm[types == name].mean()), 4),
                "n": int((types == name).sum()),
            }
            for name in sorted(set(types))
        },
    }


def to_json(model: Any, names: Sequence[str]) -> dict[str, Any]:
    """The trees in the form that app.answer.judge_trees reads."""
    trees = []
    for estimator in model.estimators_[:, 0]:
        tree = estimator.tree_
        leaf = tree.children_left < 0
        value = tree.value[:, 0, 0] * TREES["learning_rate"]
        trees.append(
            {
                "signal": np.where(leaf, -1, tree.feature).tolist(),
                "bound": [
                    round(float(v if end else bound), 5)
                    for end, v, bound in zip(leaf, value, tree.threshold, strict=True)
                ],
                "left": np.where(leaf, 0, tree.children_left).tolist(),
                "right": np.where(leaf, 0, tree.children_right).tolist(),
            }
        )
    share = float(model.init_.class_prior_[1])
    return {"signals": list(names), "base": float(np.log(share / (1 - share))), "trees": trees}


def train(home: Path = HOME, folder: Path = PAIRS, names: Sequence[str] = TUNING) -> dict[str, Any]:
    """Train, write the artefacts and the card, return the card."""
    from safetensors.torch import save_file

    begin = time.perf_counter()
    data = samples(training_pairs(names, folder))
    read = read_all(data.pairs)
    trees, network = cross_validate(data, read)
    alone, together = blend(trees, None, data), blend(trees, network, data)
    _say("all pairs")
    forest, final = fit_both(data.pairs, read)
    raw = to_json(forest, data.names)
    raw |= {"alone": asdict(alone), "together": asdict(together)}
    (home / "judge").mkdir(exist_ok=True)
    artefacts = (home / "judge.json", home / "judge" / "aligner.safetensors")
    artefacts[0].write_text(json.dumps(raw, separators=(",", ":")) + "\n", "utf-8")
    save_file({k: v.half().contiguous() for k, v in final.state_dict().items()}, artefacts[1])
    network_alone = 1 / (1 + np.exp(-network))
    bound = float(np.quantile(network_alone[data.supported], FALSE_ALARMS, method="lower"))
    card = {
        "what": "Gradient-boosted trees over the signals of app/answer/judge_signals.py, and a "
        "network that aligns words (app/answer/judge_network.py), blended",
        "trained_by": "python -m eval.train_judge",
        "seed": SEED,
        "trees": {k: v for k, v in TREES.items() if k != "random_state"},
        "network": {"epochs": EPOCHS, "batch": BATCH, "rate": RATE},
        "elsewhere": {"trees": ELSEWHERE_TREES, "network": ELSEWHERE_NETWORK},
        "data": {f"{name}.jsonl": _digest(folder / f"{name}.jsonl") for name in names},
        "pairs": len(data.pairs),
        "passages": len(set(data.passages)),
        "artefacts": {
            path.name: {"sha256": _digest(path), "bytes": path.stat().st_size} for path in artefacts
        },
        "threshold": together.threshold,
        "seconds": round(time.perf_counter() - begin),
        "tuning_trees": figures(blended(alone, trees, None, data), data.pairs, alone.threshold),
        "tuning_network": figures(network_alone, data.pairs, bound),
        "tuning_together": figures(
            blended(together, trees, network, data), data.pairs, together.threshold
        ),
    }
    _write_card(card, home)
    return card


def judge_test(home: Path = HOME, folder: Path = PAIRS) -> dict[str, Any]:
    """The judge on the test part: trees alone, network alone, and as shipped."""
    from app.answer.judge_reader import log_odds
    from app.answer.verify import load, verify

    load.cache_clear()
    judge = load(home)
    pairs = [p for name in JUDGE_TEST for p in read_rows(Pair, folder / f"{name}.jsonl")]
    data = samples(pairs)
    forest = np.array(
        [judge.forest.log_odds(dict(zip(data.names, x, strict=True))) for x in data.x]
    )
    card: dict[str, Any] = json.loads((home / "judge" / "card.json").read_text("utf-8"))
    card["test_trees"] = figures(
        blended(judge.alone, forest, None, data), pairs, judge.alone.threshold
    )
    if judge.together is not None:
        network = np.array([log_odds(p.claim, p.passage, judge.network) for p in pairs])
        scores = 1 / (1 + np.exp(-network))
        bound = float(np.quantile(scores[data.supported], FALSE_ALARMS, method="lower"))
        card["test_network"] = figures(scores, pairs, bound)
    shipped = np.array([verify(pair.claim, pair.passage).score for pair in pairs])
    card["test_shipped"] = figures(shipped, pairs, (judge.together or judge.alone).threshold)
    _write_card(card, home)
    return card


def table(card: dict[str, Any]) -> str:
    """The card's figures as lines to read."""
    lines = []
    for part in (p for p in card if p.startswith(("tuning_", "test_"))):
        f = card[part]
        lines += [
            f"{part}: AUROC {f['auroc']:.3f} (evened out {f['auroc_evened_out']:.3f}), "
            f"caught {f['caught']:.1%} of {f['errors']}, "
            f"false alarms {f['false_alarms']:.1%} of {f['clean']}, "
            f"caught at 10 % false alarms {f['caught_at_10_percent_false_alarms']:.1%}",
        ]
        lines += [
            f"  {name:<16} {row['label']:<12} n {row['n']:>4}  alarms {row['alarms']:.1%}"
            for name, row in f["by_type"].items()
        ]
    return "\n".join(lines)


def _write_card(card: dict[str, Any], home: Path) -> None:
    (home / "judge").mkdir(exist_ok=True)
    (home / "judge" / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: Sequence[str] = ()) -> None:
    """Train, and on request judge the test part."""
    card = train()
    if "--test" in arguments:
        card = judge_test()
    print(table(card))


if __name__ == "__main__":
    main(sys.argv[1:])
