/**
 * One strategy against another that is not the best single modality (results.json holds the pairs with that one), from the
 * predictions of a comparison. The same statistics as a comparison's own: over folds the corrected resampled t (Nadeau and
 * Bengio 2003), on one split DeLong's interval of an AUROC of two classes, else the subject bootstrap within classes.
 */
import { bootstrap, correctedResampledT, delongDifference, harrellC, matrix, scoreClasses } from 'consilience';

const lowerIsBetter = new Set(['balancedErrorRate', 'logLoss', 'brier']);

/**
 * @param {import('consilience').ComparedStudy} compared
 * @param {string} strategy
 * @param {string} against another strategy of the study
 * @param {string} [metric] of classes, or harrellC; by default that of the study
 * @returns {{ difference: number, low?: number, high?: number } | undefined} positive in favour of `strategy`; no interval
 *   where folds (resamples) do not differ; undefined where a strategy is not there or no fold defines the metric
 */
export function differenceAgainst({ comparison, predictions }, strategy, against, metric = comparison.protocol.metric) {
  const { seed, study, protocol } = comparison;
  const folds = foldsOf(predictions, [strategy, against]);
  if (folds.some((fold) => fold.some(({ length }) => length === 0))) return undefined;
  const sign = lowerIsBetter.has(metric) ? -1 : 1;
  const scorer = scorerOf(metric, study.target.classes);
  const between = ([ours, theirs]) => {
    const [mine, other] = [scorer(ours), scorer(theirs)];
    return mine === undefined || other === undefined ? undefined : sign * (mine - other);
  };
  const { level } = protocol;
  if (folds.length > 1) {
    const testSize = folds.reduce((sum, [{ length }]) => sum + length, 0) / folds.length;
    const differences = folds.map(between).filter((one) => one !== undefined);
    const sizes = { trainSize: study.subjects - testSize, testSize, level };
    return told(correctedResampledT(differences, sizes));
  }
  const [[ours, theirs]] = folds;
  const labels = strataOf(ours, study.target.classes);
  if (metric === 'auroc' && study.target.classes.length === 2) {
    const [one, other] = [ours, theirs].map((rows) => rows.map(({ probability }) => probability[1]));
    return told(delongDifference(one, other, labels, level));
  }
  const resampled = (rows) => between([ours, theirs].map((all) => Array.from(rows, (row) => all[row])));
  return told(bootstrap(resampled, { labels, seed, level }));
}

function told(found) {
  if (!found) return undefined;
  const { estimate: difference, standardError, low, high } = found;
  return standardError > 0 ? { difference, low, high } : { difference };
}

/** What each strategy said of each fold's test subjects, in one order: [folds][strategies][subjects]. */
function foldsOf(predictions, strategies) {
  const folds = new Map();
  for (const one of predictions) {
    if (!strategies.includes(one.strategy)) continue;
    const name = `${one.repeat} ${one.fold}`;
    if (!folds.has(name)) folds.set(name, [[], []]);
    for (const [at, strategy] of strategies.entries()) if (one.strategy === strategy) folds.get(name)[at].push(one);
  }
  return folds.size > 0 ? [...folds.values()] : [[[], []]];
}

/** A metric of some rows of predictions; undefined where these do not define it. */
function scorerOf(metric, classes) {
  if (metric === 'harrellC') {
    return (rows) => {
      const timeDays = Float64Array.from(rows, ({ truth }) => Number(truth));
      const event = Uint8Array.from(rows, ({ event }) => (event ? 1 : 0));
      const risk = rows.map((one) => one.risk);
      return harrellC({ timeDays, event }, risk);
    };
  }
  return (rows) => {
    const said = Float64Array.from(rows.flatMap(({ probability }) => probability));
    const scores = scoreClasses(matrix(rows.length, classes.length, said), strataOf(rows, classes));
    return scores[metric];
  };
}

/** What a bootstrap resamples within: the class of each, or event or none. */
function strataOf(rows, classes) {
  return Int32Array.from(rows, ({ truth, event }) => (event === undefined ? classes.indexOf(truth) : Number(event)));
}
