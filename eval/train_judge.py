"""Train the judge on the tuning pairs and write app/answer/judge.json and its card.

    python -m eval.train_judge                  train, judge what was held out, write, print
    python -m eval.train_judge --go-on          the same; the network goes on from what is shipped
    python -m eval.train_judge --keep-network   the same with the network that is shipped
    python -m eval.train_judge --only-test      judge the test part with what is shipped

Boosted trees over the signals of app.answer.judge_signals and a network that reads claim
and passage together, blended. Blend, threshold and every figure on the tuning part come
from the pairs of judge_rows.HELD_OUT, whose passages neither learner has seen. Test rows
are refused for training, by file name and by content; they are read for --only-test alone.
The trees take seconds, the network an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from app.answer.verify import HOME, NETWORK
from eval import judge_fit
from eval.dataset import JUDGE_TEST, Pair, read_rows
from eval.forest import as_json
from eval.judge_figures import FALSE_ALARMS, blend, blended, figures, table
from eval.judge_fit import SEED, TREES, ask_network, fit_network, fit_trees, say
from eval.judge_rows import HELD_OUT, PAIRS, TUNING, digest, habit, training_pairs
from eval.judge_samples import Floats, Samples, samples

PURPOSE = "Train the judge on the tuning pairs and write its artefacts and its card."


def train(
    home: Path = HOME,
    folder: Path = PAIRS,
    names: Sequence[str] = TUNING,
    held_out: Sequence[str] = HELD_OUT,
    *,
    go_on: bool = False,
    keep_network: bool = False,
) -> dict[str, Any]:
    """Train, write the artefacts and the card, return the card."""
    from app.answer import judge_network, judge_reader

    start = time.perf_counter()
    data = samples(training_pairs(names, folder))
    apart = samples(training_pairs(held_out, folder))
    (home / NETWORK).parent.mkdir(parents=True, exist_ok=True)
    artefacts = (home / "judge.json", home / NETWORK)
    say(f"{len(data.pairs)} pairs; the trees")
    forest = fit_trees(data.pairs)
    if keep_network:
        trained = _card(home)["network"]
    else:
        say("the network")
        trained = {
            "begun_with": _card(home)["network"] if go_on else "the packaged model",
            "pairs": len(data.pairs),
            "batches": judge_fit.BATCHES,
            "twins": judge_fit.TWINS,
            "rate": judge_fit.RATE,
        }
        model = fit_network(data.pairs, data.weights, artefacts[1] if go_on else None)
        judge_network.save(model, judge_reader.packaged_model(), artefacts[1])
        judge_reader.network.cache_clear()
    trees = forest.decision_function(apart.x)
    network = ask_network(judge_reader.network(artefacts[1]), apart.pairs)
    alone, together = blend(trees, None, apart), blend(trees, network, apart)
    raw = as_json(forest, data.names, TREES["learning_rate"])
    raw |= {"alone": asdict(alone), "together": asdict(together)}
    artefacts[0].write_text(json.dumps(raw, separators=(",", ":")) + "\n", "utf-8")
    scores = blended(together, trees, network, apart)
    card = {
        "what": "Gradient-boosted trees over the signals of app/answer/judge_signals.py, and the "
        "packaged sentence model tuned to read claim and passage together "
        "(app/answer/judge_network.py), blended",
        "trained_by": "python -m eval.train_judge",
        "seed": SEED,
        "trees": {k: v for k, v in TREES.items() if k != "random_state"},
        "network": trained,
        "elsewhere": {
            "trees": judge_fit.ELSEWHERE_TREES,
            "network": judge_fit.ELSEWHERE_NETWORK,
        },
        "data": {f"{name}.jsonl": digest(folder / f"{name}.jsonl") for name in names},
        "pairs": len(data.pairs),
        "passages": len(set(data.passages)),
        "held_out": {f"{name}.jsonl": digest(folder / f"{name}.jsonl") for name in held_out},
        "artefacts": {
            path.name: {"sha256": digest(path), "bytes": path.stat().st_size} for path in artefacts
        },
        "threshold": together.threshold,
        "seconds": round(time.perf_counter() - start),
        "habits": _by_habit(scores, apart.pairs, together.threshold),
        "held_out_trees": figures(blended(alone, trees, None, apart), apart.pairs, alone.threshold),
        "held_out_network": _network_alone(network, apart),
        "held_out_together": figures(scores, apart.pairs, together.threshold),
    }
    _write_card(card, home)
    return card


def judge_test(home: Path = HOME, folder: Path = PAIRS) -> dict[str, Any]:
    """The judge on the test part: trees alone, network alone, and as shipped."""
    from app.answer import judge_reader
    from app.answer.verify import load, verify

    load.cache_clear()
    judge = load(home)
    data = samples([p for name in JUDGE_TEST for p in read_rows(Pair, folder / f"{name}.jsonl")])
    pairs = data.pairs
    forest = np.array(
        [judge.forest.log_odds(dict(zip(data.names, x, strict=True))) for x in data.x]
    )
    card = _card(home)
    card["test_trees"] = figures(
        blended(judge.alone, forest, None, data), pairs, judge.alone.threshold
    )
    if judge.together is not None:
        network = ask_network(judge_reader.network(judge.network), pairs)
        card["test_network"] = _network_alone(network, data)
    shipped = np.array([verify(pair.claim, pair.passage).score for pair in pairs])
    card["test_shipped"] = figures(shipped, pairs, (judge.together or judge.alone).threshold)
    _write_card(card, home)
    return card


def _network_alone(log_odds: Floats, data: Samples) -> dict[str, Any]:
    """What the network would do by itself, at the share of false alarms asked for."""
    scores = 1 / (1 + np.exp(-log_odds))
    bound = float(np.quantile(scores[data.supported], FALSE_ALARMS, method="lower"))
    return figures(scores, data.pairs, bound)


def _by_habit(scores: Floats, pairs: Sequence[Pair], threshold: float) -> dict[str, Any]:
    """Caught and false alarms for each hand: a judge that knows one habit only is none."""
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


def _card(home: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((home / "judge" / "card.json").read_text("utf-8"))
    return card


def _write_card(card: dict[str, Any], home: Path) -> None:
    (home / "judge").mkdir(exist_ok=True)
    (home / "judge" / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def main(arguments: Sequence[str]) -> None:
    """Train, or judge the test part."""
    parser = argparse.ArgumentParser("python -m eval.train_judge", description=PURPOSE)
    on = "train the network on from what is shipped, not from the packaged model"
    parser.add_argument("--go-on", action="store_true", help=on)
    keep = "train the trees only and blend them with the network that is shipped"
    parser.add_argument("--keep-network", action="store_true", help=keep)
    test = "train nothing; judge the test part with what is shipped"
    parser.add_argument("--only-test", action="store_true", help=test)
    asked = parser.parse_args(arguments)
    if asked.only_test:
        print(table(judge_test()))
    else:
        print(table(train(go_on=asked.go_on, keep_network=asked.keep_network)))


if __name__ == "__main__":
    main(sys.argv[1:])
