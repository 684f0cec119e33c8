/**
 * The independence that late fusion assumes, tested on the training subjects of every outer fold and joined over folds,
 * which share subjects: nothing here gains from their number.
 */
import { holm } from '../array/holm.ts';
import { type FisherInterval, fisherInterval } from '../array/partial-correlation.ts';
import { type EvidenceDependence, pairsOf } from './independence-evidence.ts';
import type { ExpertCorrelation, ExpertDependence } from './independence-experts.ts';

/** What one outer fold found; pairs in the order of `pairsOf`, undefined where a pair could not be tested. */
export interface FoldIndependence {
  readonly experts: readonly (ExpertDependence | undefined)[];
  readonly evidence: readonly (EvidenceDependence | undefined)[];
}

/** `redundant`: experts err together; `opposed`: where one errs, the other tends to err the other way. */
export const expertFindings = ['redundant', 'opposed', 'none-seen', 'not-tested'] as const;
export type ExpertFinding = (typeof expertFindings)[number];

/** Evidence is dependent given the class, in `interplay` otherwise in each class, in `shared` in no way seen to differ. */
export const evidenceFindings = ['interplay', 'shared', 'none-seen', 'not-tested'] as const;
export type EvidenceFinding = (typeof evidenceFindings)[number];

/** A correlation joined over folds: Fisher's z averaged, with the variance of a single fold. */
export interface JoinedCorrelation extends FisherInterval {
  /** Mean number of subjects of a fold. */
  readonly n: number;
  readonly folds: number;
}

export interface EvidenceJoined {
  /** Bias-corrected squared distance correlation given the outcome, the median of folds. */
  readonly distanceCorrelation: number;
  /** Twice the median of folds; `pHolm` is adjusted over pairs. */
  readonly p: number;
  readonly pHolm: number;
  /** The same of the dependence being alike in all classes; null for an outcome that is not classes. */
  readonly pDiffersHolm: number | null;
  readonly n: number;
  readonly folds: number;
}

export interface PairIndependence {
  readonly pair: readonly [string, string];
  readonly found: { readonly experts: ExpertFinding; readonly evidence: EvidenceFinding };
  /** Of the experts' out-of-fold logits given the outcome; `pHolm` is adjusted over pairs. Null: not tested. */
  readonly experts: (JoinedCorrelation & { readonly pHolm: number }) | null;
  /** The same given the outcome and the other experts. Null with too few subjects who have all modalities. */
  readonly partial: JoinedCorrelation | null;
  readonly evidence: EvidenceJoined | null;
}

/** Joins the folds of a comparison. The tests of experts and of evidence are two families, each with its own Holm. */
export function joinIndependence(
  names: readonly string[],
  folds: readonly FoldIndependence[],
  { level = 0.95 }: { readonly level?: number } = {},
): readonly PairIndependence[] {
  const pairs = pairsOf(names.length);
  const experts = pairs.map((_, at) => folds.flatMap((fold) => fold.experts[at] ?? []));
  const joined = experts.map((found) =>
    joinCorrelations(
      found.map(({ correlation }) => correlation),
      level,
    ),
  );
  const evidence = joinEvidence(pairs.map((_, at) => folds.flatMap((fold) => fold.evidence[at] ?? [])));
  const pHolm = holm(joined.map((one) => one?.p ?? null));
  return pairs.map(([a, b], at) => {
    const correlation = joined[at];
    const ofExperts = correlation && { ...correlation, pHolm: pHolm[at] as number };
    return {
      pair: [names[a], names[b]],
      found: {
        experts: expertFinding(ofExperts, 1 - level),
        evidence: evidenceFinding(evidence[at], 1 - level),
      },
      experts: ofExperts,
      partial: joinCorrelations(
        experts[at].flatMap(({ partial }) => partial ?? []),
        level,
      ),
      evidence: evidence[at],
    };
  });
}

/**
 * A mean of dependent figures of equal variance varies no more than one of them, whatever their dependence, so that the
 * variance of one fold makes an interval that is too wide rather than too narrow.
 */
function joinCorrelations(found: readonly ExpertCorrelation[], level: number): JoinedCorrelation | null {
  if (found.length === 0) return null;
  const mean = (of: (one: ExpertCorrelation) => number) => found.reduce((sum, one) => sum + of(one), 0) / found.length;
  const z = mean((one) => one.z);
  const variance = mean((one) => 1 / one.degrees);
  return { ...fisherInterval(z, 1 / variance, level), n: mean((one) => one.n), folds: found.length };
}

/**
 * Twice the median of p-values is a p-value whatever their dependence (Rüger 1978; Meinshausen, Meier and Bühlmann 2009,
 * equation 2.2 at γ = 1/2). Of an even number the lower median is enough.
 */
export function twiceMedian(p: readonly number[]): number {
  return Math.min(1, 2 * lowerMedian(p));
}

/** P-values of several folds as one, of none as null. */
function joinP(p: readonly number[]): number | null {
  if (p.length === 0) return null;
  return p.length === 1 ? p[0] : twiceMedian(p);
}

function joinEvidence(pairs: readonly (readonly EvidenceDependence[])[]): readonly (EvidenceJoined | null)[] {
  const p = pairs.map((found) => joinP(found.map((one) => one.p)));
  const pHolm = holm(p);
  const pDiffersHolm = holm(pairs.map((found) => joinP(found.flatMap(({ pDiffers }) => pDiffers ?? []))));
  return pairs.map((found, at) => {
    if (found.length === 0) return null;
    return {
      distanceCorrelation: lowerMedian(found.map((one) => one.distanceCorrelation)),
      p: p[at] as number,
      pHolm: pHolm[at] as number,
      pDiffersHolm: pDiffersHolm[at],
      n: found.reduce((sum, { n }) => sum + n, 0) / found.length,
      folds: found.length,
    };
  });
}

function lowerMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}

function expertFinding(
  experts: { readonly value: number; readonly pHolm: number } | null,
  alpha: number,
): ExpertFinding {
  if (!experts) return 'not-tested';
  if (experts.pHolm >= alpha) return 'none-seen';
  return experts.value > 0 ? 'redundant' : 'opposed';
}

/** Whether dependence differs is asked only where there is some. */
function evidenceFinding(evidence: EvidenceJoined | null, alpha: number): EvidenceFinding {
  if (!evidence) return 'not-tested';
  if (evidence.pHolm >= alpha) return 'none-seen';
  return evidence.pDiffersHolm !== null && evidence.pDiffersHolm < alpha ? 'interplay' : 'shared';
}
