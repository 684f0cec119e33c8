/** Two strategies on the same test subjects of the same folds. */

import { holm } from '../array/holm.ts';
import { delongDifference } from '../score/delong.ts';
import { higherIsBetter, type Metric } from '../score/metric.ts';
import { strataIn } from '../score/truth.ts';
import { bootstrap } from './bootstrap.ts';
import type { Finding, Paired } from './comparison.ts';
import { correctedResampledT } from './corrected-resampled-t.ts';
import { eventOf, type FoldPart, narrowed, type Sampling, scoreOf } from './estimates.ts';
import { smallestDetectable } from './smallest-detectable.ts';

/**
 * The difference in a metric, in favour of `a` when positive. Over several folds by the corrected resampled t-test; on one
 * split by DeLong (AUROC, two classes) or the paired subject bootstrap.
 */
export function pairedDifference(
  a: readonly FoldPart[],
  b: readonly FoldPart[],
  metric: Metric,
  { against, n, margin }: { readonly against: string; readonly n: number; readonly margin: number },
  sampling: Sampling,
): Paired {
  const sign = higherIsBetter[metric] ? 1 : -1;
  const found =
    a.length === 1 ? onOneSplit(a[0], b[0], metric, sign, sampling) : overFolds(a, b, metric, sign, sampling);
  const { method, estimate, low, high, p, smallest } = found;
  return {
    against,
    metric,
    difference: estimate,
    low,
    high,
    p,
    pHolm: p,
    method,
    n,
    smallestDetectable: smallest,
    finding: findingOf(low, high, p, estimate, margin),
  };
}

interface Found {
  readonly method: Paired['method'];
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
  readonly smallest: number | null;
}

const nothing = { estimate: null, low: null, high: null, p: null, smallest: null };

/** Equal in every fold or resample: of how sure that is, such data say nothing. */
function without(method: Paired['method'], estimate: number): Found {
  return { ...nothing, method, estimate };
}

function overFolds(
  a: readonly FoldPart[],
  b: readonly FoldPart[],
  metric: Metric,
  sign: number,
  sampling: Sampling,
): Found {
  const method = 'corrected-resampled-t';
  const differences: number[] = [];
  a.forEach((part, f) => {
    const mine = scoreOf(metric, part);
    const theirs = scoreOf(metric, b[f]);
    if (mine !== undefined && theirs !== undefined) differences.push(sign * (mine - theirs));
  });
  const result = correctedResampledT(differences, sampling);
  if (!result) return { ...nothing, method };
  const { estimate, low, high, p, standardError, degreesOfFreedom } = result;
  if (standardError === 0) return without(method, estimate);
  return { method, estimate, low, high, p, smallest: smallestDetectable(standardError, degreesOfFreedom) };
}

function onOneSplit(a: FoldPart, b: FoldPart, metric: Metric, sign: number, sampling: Sampling): Found {
  const { level, seed, resamples } = sampling;
  const [one, other] = metric === 'auroc' ? [eventOf(a), eventOf(b)] : [];
  if (one && other) {
    const result = delongDifference(one.score, other.score, one.labels, level);
    if (!result) return { ...nothing, method: 'delong' };
    const { estimate, low, high, p, standardError } = result;
    if (standardError === 0) return without('delong', estimate);
    return {
      method: 'delong',
      estimate,
      low,
      high,
      p: p ?? null,
      smallest: smallestDetectable(standardError, Number.POSITIVE_INFINITY),
    };
  }
  const method = 'paired-bootstrap';
  const result = bootstrap(
    (rows) => {
      const mine = scoreOf(metric, narrowed(a, rows));
      const theirs = scoreOf(metric, narrowed(b, rows));
      return mine === undefined || theirs === undefined ? undefined : sign * (mine - theirs);
    },
    { labels: strataIn(a.truth), seed, resamples, level },
  );
  if (!result) return { ...nothing, method };
  const { estimate, low, high, p, standardError } = result;
  if (standardError === 0) return without(method, estimate);
  return { method, estimate, low, high, p, smallest: smallestDetectable(standardError, Number.POSITIVE_INFINITY) };
}

/** Adjusts the p-values of strategies compared together, and the findings with them. */
export function adjusted(family: readonly Paired[], margin: number): Paired[] {
  const pHolm = holm(family.map(({ p }) => p));
  return family.map((paired, i) => ({
    ...paired,
    pHolm: pHolm[i],
    finding: findingOf(paired.low, paired.high, pHolm[i], paired.difference, margin),
  }));
}

const alpha = 0.05;

/**
 * Helps or harms: the difference is told from 0. No meaningful difference: its interval lies within the declared margin.
 * Otherwise this study cannot tell.
 */
function findingOf(
  low: number | null,
  high: number | null,
  p: number | null,
  difference: number | null,
  margin: number,
): Finding {
  if (low === null || high === null || difference === null) return 'cannot-tell';
  const within = low > -margin && high < margin;
  if (within) return 'no-meaningful-difference';
  if (p !== null && p < alpha) return difference > 0 ? 'helps' : 'harms';
  return 'cannot-tell';
}
