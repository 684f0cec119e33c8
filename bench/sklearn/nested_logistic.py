"""The incumbent: scikit-learn on the nested protocol of `consilience compare`.

    python nested_logistic.py job.json > result.json

job.json: {
  "modalities": { NAME: FILE, ... },  first column the subject, then numbers without holes; CSV (.gz too, or a list of
                                      files) or Parquet, whose numbers keep their type
  "target": CSV,                      the subject, then the class (of two, the later in sort order is the event)
  "folds": 5, "repeats": 2, "inner": 5, "seed": 1,
  "jobs": 2, "blasThreads": 1,        processes of the grid search, and BLAS threads in each (null: as installed)
  "solver": "lbfgs",                  optional; liblinear solves the dual
  "C": [...],                         optional inverse penalties; else ten, 10^-1 to 10^3.5 over the number of columns
  "outer": 1, "penaltiesTried": 3     optional: only so many of the outer folds, and of the ten penalties (to try a way)
}

In every outer fold: a standardized L2 logistic regression per modality, its C chosen by inner stratified folds on log
loss; the best of them by inner log loss; the same on all columns side by side (early); the mean of the single models'
probabilities and a stacker on their out-of-fold logits (late). Metrics are averaged over outer folds.
"""

import csv
import gzip
import json
import os
import platform
import resource
import sys
import time
import warnings
from collections import defaultdict

import numpy as np
import scipy
import sklearn
from sklearn import metrics as m
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

EPSILON = np.finfo(float).eps


def read_rows(paths, columns=None):
    """Subject -> the cells that follow its id, as text."""
    rows = {}
    for path in [paths] if isinstance(paths, str) else paths:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            rows.update((row[0], row[1:columns]) for row in reader)
    return rows


def read_parquet(path):
    """Subjects, and their values as they are stored."""
    from pyarrow import parquet  # not while CSV files are timed

    table = parquet.read_table(path)
    values = np.column_stack([column.to_numpy() for column in table.columns[1:]])
    return table.column(0).to_pylist(), values


def read_cohort(job):
    classes = read_rows(job["target"], columns=2)
    if all(isinstance(path, str) and path.endswith(".parquet") for path in job["modalities"].values()):
        read = {name: read_parquet(path) for name, path in job["modalities"].items()}
        subjects = sorted(set(classes).intersection(*(ids for ids, _ in read.values())))
        x = {}
        for name, (ids, values) in read.items():
            place = {subject: at for at, subject in enumerate(ids)}
            x[name] = values if ids == subjects else values[[place[s] for s in subjects]]
        return x, np.unique([classes[s][0] for s in subjects], return_inverse=True)[1]
    blocks = {name: read_rows(paths) for name, paths in job["modalities"].items()}
    subjects = sorted(set(classes).intersection(*blocks.values()))
    x = {name: np.array([block[s] for s in subjects], dtype=float) for name, block in blocks.items()}
    return x, np.unique([classes[s][0] for s in subjects], return_inverse=True)[1]


def logits(probability):
    logs = np.log(np.clip(probability, 1e-12, None))
    if probability.shape[1] == 2:
        return np.clip(logs[:, 1:] - logs[:, :1], -8, 8)
    return np.clip(logs - logs.mean(axis=1, keepdims=True), -8, 8)


def scores(y, p):
    two = p.shape[1] == 2
    predicted = p.argmax(axis=1)
    p = np.clip(p, EPSILON, 1 - EPSILON)
    return {
        "auroc": m.roc_auc_score(y, p[:, 1]) if two else m.roc_auc_score(y, p / p.sum(1, keepdims=True), multi_class="ovr"),
        "accuracy": m.accuracy_score(y, predicted),
        "balancedErrorRate": 1 - m.balanced_accuracy_score(y, predicted),
        "logLoss": -np.log(p[np.arange(len(y)), y]).mean(),
    }


class Bench:
    def __init__(self, job):
        self.grid = job.get("C")
        self.inner, self.seed, self.jobs = job.get("inner", 5), job.get("seed", 1), job.get("jobs", 2)
        self.solver, self.tried = job.get("solver", "lbfgs"), job.get("penaltiesTried")
        self.seconds = defaultdict(float)
        self.folds = defaultdict(list)

    def search(self, x, y, inner):
        dual = {"solver": "liblinear", "dual": True} if self.solver == "liblinear" else {"solver": self.solver}
        pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, **dual))
        penalties = self.grid or list(np.logspace(-1, 3.5, 10) / x.shape[1])
        grid = {"logisticregression__C": penalties[:: -(-len(penalties) // self.tried)] if self.tried else penalties}
        return GridSearchCV(pipeline, grid, scoring="neg_log_loss", cv=inner, n_jobs=self.jobs, refit=True).fit(x, y)

    def timed(self, name, work):
        started = time.perf_counter()
        result = work()
        self.seconds[name] += time.perf_counter() - started
        return result

    def fold(self, x, y, train, test):
        inner = list(StratifiedKFold(self.inner, shuffle=True, random_state=self.seed).split(train, y[train]))
        singles, held, out_of_fold = {}, {}, {}
        for name, block in x.items():
            singles[name] = self.timed(f"single:{name}", lambda b=block: self.search(b[train], y[train], inner))
            held[name] = singles[name].predict_proba(block[test])
            self.folds[f"single:{name}"].append(scores(y[test], held[name]))
            out_of_fold[name] = self.timed(
                "late:stacked",
                lambda s=singles[name], b=block: cross_val_predict(
                    s.best_estimator_, b[train], y[train], cv=inner, method="predict_proba", n_jobs=self.jobs
                ),
            )
        best = max(singles, key=lambda name: singles[name].best_score_)
        self.folds["single:best"].append(scores(y[test], held[best]))

        wide = np.hstack(list(x.values()))
        early = self.timed("early:logistic", lambda: self.search(wide[train], y[train], inner))
        self.folds["early:logistic"].append(scores(y[test], early.predict_proba(wide[test])))

        self.folds["late:mean"].append(scores(y[test], np.mean(list(held.values()), axis=0)))
        inputs = np.hstack([logits(p) for p in out_of_fold.values()])
        stacker = self.timed("late:stacked", lambda: self.search(inputs, y[train], inner))
        stacked = stacker.predict_proba(np.hstack([logits(p) for p in held.values()]))
        self.folds["late:stacked"].append(scores(y[test], stacked))


def peak_bytes():
    """This process and its workers, who are still there."""
    total = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
                status = dict(line.split(":", 1) for line in file if ":" in line)
        except OSError:
            continue
        if status.get("PPid", "").strip() == str(os.getpid()) and "VmHWM" in status:
            total += int(status["VmHWM"].split()[0]) * 1024
    return total


def main(path):
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    started = time.perf_counter()
    x, y = read_cohort(job)
    read = time.perf_counter() - started
    bench = Bench(job)
    threadpool_limits(job.get("blasThreads", 1), user_api="blas")
    outer = RepeatedStratifiedKFold(n_splits=job["folds"], n_repeats=job["repeats"], random_state=bench.seed)
    for train, test in list(outer.split(y, y))[: job.get("outer")]:
        bench.fold(x, y, train, test)
    result = {
        "kind": "incumbent",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                     "scikit-learn": sklearn.__version__},
        "subjects": len(y),
        "features": {name: block.shape[1] for name, block in x.items()},
        "strategies": [
            {"name": name, "metrics": {k: float(np.mean([f[k] for f in folds])) for k in folds[0]}, "folds": len(folds)}
            for name, folds in bench.folds.items()
        ],
        "seconds": {"read": read, **bench.seconds, "total": time.perf_counter() - started},
        "peakBytes": peak_bytes(),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    warnings.simplefilter("ignore", ConvergenceWarning)
    os.environ["PYTHONWARNINGS"] = "ignore"
    main(sys.argv[1])
