"""Train the judge on the tuning pairs and write app/answer/judge.json and its card.

    python -m eval.train_judge           train, cross-validate, write, print the table
    python -m eval.train_judge --test    the same, then judge the test part once
    python -m eval.train_judge --only-test    judge the test part with what is shipped

Boosted trees over the signals of app.answer.judge_signals and a network that aligns
words, blended. Every figure on the tuning part comes from folds that share no passage;
the threshold and the calibration come from those folds too. Test rows are refused for
training, by file name and by content; they are read after everything has been written.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from app.answer.verify import HOME
from eval import judge_fit
from eval.dataset import JUDGE_TEST, Pair, read_rows
from eval.forest import as_json
from eval.judge_figures import FALSE_ALARMS, blend, blended, figures, table
from eval.judge_fit import SEED, TREES, Read, ask_network, fit_both, read_all, say
from eval.judge_rows import PAIRS, TUNING, digest, habit, training_pairs
from eval.judge_samples import Floats, Samples, samples

FOLDS = 3


def cross_validate(data: Samples, read: Read) -> tuple[Floats, Floats]:
    """Log-odds of trees and network, each pair from those that saw nothing of its passage."""
    from sklearn.model_selection import GroupKFold

    trees, network = np.zeros(len(data.pairs)), np.zeros(len(data.pairs))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for n, (train, test) in enumerate(folds.split(data.x, groups=data.passages), 1):
        say(f"fold {n} of {FOLDS}: {len(train)} pairs")
        forest, model = fit_both([data.pairs[k] for k in train], read)
        trees[test] = forest.decision_function(data.x[test])
        network[test] = ask_network(model, [data.pairs[k] for k in test], read)
    return trees, network


def train(home: Path = HOME, folder: Path = PAIRS, names: Sequence[str] = TUNING) -> dict[str, Any]:
    """Train, write the artefacts and the card, return the card."""
    from safetensors.torch import save_file

    begin = time.perf_counter()
    data = samples(training_pairs(names, folder))
    read = read_all(data.pairs)
    trees, network = cross_validate(data, read)
    alone, together = blend(trees, None, data), blend(trees, network, data)
    say("all pairs")
    forest, final = fit_both(data.pairs, read)
    raw = as_json(forest, data.names, TREES["learning_rate"])
    raw |= {"alone": asdict(alone), "together": asdict(together)}
    (home / "judge").mkdir(exist_ok=True)
    artefacts = (home / "judge.json", home / "judge" / "aligner.safetensors")
    artefacts[0].write_text(json.dumps(raw, separators=(",", ":")) + "\n", "utf-8")
    save_file({k: v.half().contiguous() for k, v in final.state_dict().items()}, artefacts[1])
    network_alone = 1 / (1 + np.exp(-network))
    bound = float(np.quantile(network_alone[data.supported], FALSE_ALARMS, method="lower"))
    scores = blended(together, trees, network, data)
    card = {
        "what": "Gradient-boosted trees over the signals of app/answer/judge_signals.py, and a "
        "network that aligns words (app/answer/judge_network.py), blended",
        "trained_by": "python -m eval.train_judge",
        "seed": SEED,
        "trees": {k: v for k, v in TREES.items() if k != "random_state"},
        "network": {
            "epochs": judge_fit.EPOCHS,
            "batch": judge_fit.BATCH,
            "rate": judge_fit.RATE,
        },
        "elsewhere": {
            "trees": judge_fit.ELSEWHERE_TREES,
            "network": judge_fit.ELSEWHERE_NETWORK,
        },
        "data": {f"{name}.jsonl": digest(folder / f"{name}.jsonl") for name in names},
        "pairs": len(data.pairs),
        "passages": len(set(data.passages)),
        "artefacts": {
            path.name: {"sha256": digest(path), "bytes": path.stat().st_size} for path in artefacts
        },
        "threshold": together.threshold,
        "seconds": round(time.perf_counter() - begin),
        "habits": _by_habit(scores, data.pairs, together.threshold),
        "tuning_trees": figures(blended(alone, trees, None, data), data.pairs, alone.threshold),
        "tuning_network": figures(network_alone, data.pairs, bound),
        "tuning_together": figures(scores, data.pairs, together.threshold),
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


def _by_habit(scores: Floats, pairs: Sequence[Pair], threshold: float) -> dict[str, Any]:
    """Caught and false alarms in each file: a judge that knows one habit only is none."""
    found = {}
    supported = np.array([pair.label == "supported" for pair in pairs])
    habits = np.array([habit(pair) for pair in pairs])
    for name in sorted(set(habits)):
        alarms = {label: scores[(habits == name) & (supported == label)] < threshold
                  for label in (True, False)}  # fmt: skip
        found[str(name)] = {
            "caught": round(float(alarms[False].mean()), 4) if len(alarms[False]) else None,
            "false_alarms": round(float(alarms[True].mean()), 4) if len(alarms[True]) else None,
        }
    return found


def _write_card(card: dict[str, Any], home: Path) -> None:
    (home / "judge").mkdir(exist_ok=True)
    (home / "judge" / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def main(arguments: Sequence[str] = ()) -> None:
    """Train, and on request judge the test part."""
    card = {} if "--only-test" in arguments else train()
    if {"--test", "--only-test"} & set(arguments):
        card = judge_test()
    print(table(card))


if __name__ == "__main__":
    main(sys.argv[1:])
