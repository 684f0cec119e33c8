"""The incumbents of survival: ridge Cox regression by scikit-survival or lifelines on the nested protocol of
`consilience compare`.

    python nested_cox.py job.json > result.json

job.json: {
  "modalities": { NAME: { "file": CSV, "include": [...], "orders": { COLUMN: [low, ..., high] } }, ... },
  "target": { "file": CSV, "time": COLUMN, "status": COLUMN, "event": 0 },
  "splits": { "file": CSV, "key": COLUMN, "fold": COLUMN, "role": COLUMN, "train": ROLE, "test": ROLE },
  "inner": 5, "penalties": 12, "seed": 1,
  "library": "coxnet" | "coxph" | "lifelines",
  "jobs": 2, "blasThreads": 1,       processes over inner folds, and BLAS threads in each (null: as installed)
  "outer": 1, "penaltiesTried": 3    optional: only so many of the outer folds, and of the penalties (to try a way)
}

In every outer fold: columns imputed by their median and standardized, a ridge Cox regression per modality, its penalty
chosen by inner folds (stratified by event) on Harrell's C; the best of them by inner C; the same on all columns side by
side (early); the mean of the standardized linear predictors (late). With more columns than subjects the columns are first
turned to principal components, all of them: to a ridge that is the same model, and without it a fit of 1,577 columns takes
either library most of a minute. `coxnet` is scikit-survival's elastic net at an l1_ratio of .001, the least it is quick
at; the others are ridge.
"""

import json
import os
import platform
import sys
import time
import warnings
from collections import defaultdict

import lifelines
import numpy as np
import pandas as pd
import scipy
import sksurv
from joblib import Parallel, delayed
from lifelines import CoxPHFitter
from sklearn.model_selection import StratifiedKFold
from sksurv.linear_model import CoxnetSurvivalAnalysis, CoxPHSurvivalAnalysis
from sksurv.metrics import concordance_index_censored
from sksurv.util import Surv
from threadpoolctl import threadpool_limits


def read_cohort(job):
    target = pd.read_csv(job["target"]["file"], index_col=0)
    months, status = target[job["target"]["time"]], target[job["target"]["status"]]
    known = months.notna() & status.notna() & (months > 0)
    tables = {}
    for name, modality in job["modalities"].items():
        table = pd.read_csv(modality["file"], index_col=0)
        table = table[modality["include"]] if "include" in modality else table
        for column, order in modality.get("orders", {}).items():
            table[column] = table[column].map({level: place for place, level in enumerate(order)})
        tables[name] = table
    subjects = sorted(set(target.index[known]).intersection(*(table.index for table in tables.values())))
    x = {name: table.loc[subjects].to_numpy(dtype=float) for name, table in tables.items()}
    time_, event = months[subjects].to_numpy(float), (status[subjects] == job["target"]["event"]).to_numpy()
    return subjects, x, time_, event


def read_splits(job, subjects):
    names = job["splits"]
    table = pd.read_csv(names["file"])
    place = {subject: at for at, subject in enumerate(subjects)}
    for _, rows in table.groupby(names["fold"]):
        sides = (rows[rows[names["role"]] == names[side]][names["key"]] for side in ("train", "test"))
        yield tuple(np.array([place[s] for s in side if s in place]) for side in sides)


def prepare(x, train):
    """Imputed and standardized by the training subjects; columns that do not vary among them are dropped."""
    middle = np.nanmedian(x[train], axis=0)
    filled = np.where(np.isnan(x), middle, x)
    mean, sd = filled[train].mean(axis=0), filled[train].std(axis=0)
    kept = sd > 1e-9
    return (filled[:, kept] - mean[kept]) / sd[kept]


def path(library, x, time_, event, penalties):
    """Coefficients at each penalty (on the sum over events, half the square): [penalties, columns]."""
    turned = x.shape[1] > x.shape[0]
    if turned:
        u, s, v = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
        real = s > 1e-9 * s[0]
        z, v = u[:, real] * s[real], v[real]
    else:
        z = x
    y, n = Surv.from_arrays(event, time_), len(time_)
    if library == "coxnet":
        weights = coxnet(z, y, penalties / n)
    elif library == "coxph":
        weights = np.array([CoxPHSurvivalAnalysis(alpha=a, ties="efron").fit(z, y).coef_ for a in penalties])
    else:
        # Its penalty is on columns brought to a standard deviation of 1 and on the mean over subjects.
        sd = z.std(axis=0, ddof=1)
        table = pd.DataFrame(z, columns=[f"x{j}" for j in range(z.shape[1])]).assign(time=time_, event=event)
        fits = (CoxPHFitter(penalizer=a / n / sd**2).fit(table, "time", "event") for a in penalties)
        weights = np.array([fit.params_.to_numpy() for fit in fits])
    return weights @ v if turned else weights


def coxnet(z, y, alphas):
    """It leaves the path where weaker penalties explain no more, or fails there; its last model then stands for them."""
    for many in range(len(alphas), 0, -1):
        try:
            model = CoxnetSurvivalAnalysis(l1_ratio=1e-3, alphas=alphas[:many], fit_baseline_model=False)
            found = model.fit(z, y).coef_.T
        except ArithmeticError:
            continue
        return np.vstack([found, np.repeat(found[-1:], len(alphas) - len(found), axis=0)])
    raise ArithmeticError("coxnet fails at every penalty")


def concordance(time_, event, risk):
    return concordance_index_censored(event, time_, risk)[0]


def inner_scores(library, x, time_, event, fit, held, penalties):
    weights = path(library, x[fit], time_[fit], event[fit], penalties)
    return [concordance(time_[held], event[held], x[held] @ w) for w in weights]


class Bench:
    def __init__(self, job):
        self.job = job
        self.seconds = defaultdict(float)
        self.folds = defaultdict(list)

    def search(self, name, x, time_, event, train, inner):
        """The linear predictor of everybody, standardized over training subjects, and the inner score of its penalty."""
        started = time.perf_counter()
        library, jobs = self.job["library"], self.job.get("jobs", 2)
        z, own, seen = prepare(x, train), time_[train], event[train]
        steps = np.arange(self.job.get("penalties", 12))
        if "penaltiesTried" in self.job:
            steps = steps[: self.job["penaltiesTried"]]
        penalties = z.shape[1] * 10.0 ** (2 - steps / 2)
        scores = np.mean(
            Parallel(jobs)(
                delayed(inner_scores)(library, z[train], own, seen, fit, held, penalties) for fit, held in inner
            ),
            axis=0,
        )
        best = int(np.argmax(scores))
        risk = z @ path(library, z[train], own, seen, penalties[best : best + 1])[0]
        self.seconds[name] += time.perf_counter() - started
        return (risk - risk[train].mean()) / (risk[train].std() or 1), scores[best]

    def fold(self, x, time_, event, train, test):
        splitter = StratifiedKFold(self.job.get("inner", 5), shuffle=True, random_state=self.job.get("seed", 1))
        inner = list(splitter.split(train, event[train]))
        risks, scores = {}, {}
        for name, block in x.items():
            risks[name], scores[name] = self.search(f"single:{name}", block, time_, event, train, inner)
        early, _ = self.search("early:cox", np.hstack(list(x.values())), time_, event, train, inner)
        said = {
            **{f"single:{name}": risk for name, risk in risks.items()},
            "single:best": risks[max(scores, key=scores.get)],
            "early:cox": early,
            "late:mean": np.mean(list(risks.values()), axis=0),
        }
        for name, risk in said.items():
            self.folds[name].append(concordance(time_[test], event[test], risk[test]))


def main(job_path):
    with open(job_path, encoding="utf-8") as file:
        job = json.load(file)
    threadpool_limits(job.get("blasThreads", 1), user_api="blas")
    started = time.perf_counter()
    subjects, x, time_, event = read_cohort(job)
    bench = Bench(job)
    for train, test in list(read_splits(job, subjects))[: job.get("outer")]:
        bench.fold(x, time_, event, train, test)
    result = {
        "kind": "incumbent",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                     "scikit-survival": sksurv.__version__, "lifelines": lifelines.__version__},
        "subjects": len(subjects),
        "events": int(event.sum()),
        "features": {name: block.shape[1] for name, block in x.items()},
        "strategies": [
            {"name": name, "metrics": {"harrellC": float(np.mean(values))}, "folds": len(values)}
            for name, values in bench.folds.items()
        ],
        "seconds": {**bench.seconds, "total": time.perf_counter() - started},
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    os.environ["PYTHONWARNINGS"] = "ignore"
    main(sys.argv[1])
