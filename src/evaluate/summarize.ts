/** One strategy's part of the results, from what it said in every fold. */
import { rowsWith } from '../describe/cohort.ts';
import type { TargetKind } from '../describe/target.ts';
import { higherIsBetter, type Metric, rangeOf } from '../score/metric.ts';
import { agreementOf, driversOf } from './agreement.ts';
import { cell, missingCells, naturalCells } from './cells.ts';
import type { Independence, Paired, StrategyResult } from './comparison.ts';
import { conversationOf } from './conversation.ts';
import { calibrationOf, rocOf } from './curves.ts';
import { estimates, narrowed } from './estimates.ts';
import type { Strategy, StrategyOutcome } from './fold.ts';
import { meaningFor } from './independence-of.ts';
import { countTested, outcomeOf, partsOf, type Ran } from './outcomes.ts';
import { adjusted, pairedDifference } from './paired.ts';
import { priorWords } from './protocol-words.ts';
import { survivalByRisk } from './survival-by-risk.ts';
import { trustOf } from './trust.ts';

/** Metrics of which differences are told beside that of the verdict. */
const otherMetrics = {
  classes: ['auroc', 'balancedErrorRate', 'logLoss', 'brier'],
  survival: ['harrellC', 'unoC', 'integratedBrier'],
  value: ['rSquared', 'meanAbsoluteError'],
} as const satisfies { readonly [K in TargetKind]: readonly Metric[] };

/** All strategies, those that fuse compared with the best single modality and adjusted for their number. */
export function summarize(
  ran: Ran,
  strategies: readonly Strategy[],
  independence: Independence | undefined,
): StrategyResult[] {
  const alone = strategies.map((strategy) => summarizeOne(ran, strategy, independence));
  const best = alone.find(({ role }) => role === 'best-single');
  const singles = alone.filter(({ role }) => role === 'single');
  if (!best) return alone;
  const inHindsight = bestInHindsight(ran, singles);
  const fused = alone.map((result) => {
    if (result.role !== 'fusion' || result.modalities.length < 2) return result; // one modality is no fusion
    return {
      ...result,
      ...pairedWithBest(ran, result.name, best.name),
      ...(inHindsight && { pairedInHindsight: pairedWith(ran, result.name, inHindsight) }),
    };
  });
  return withHolm(withHolm(fused, 'paired', ran.margin), 'pairedWherePresent', ran.margin);
}

function summarizeOne(
  ran: Ran,
  { name, role, fusion }: Strategy,
  independence: Independence | undefined,
): StrategyResult {
  const own = ran.outcomes.map((outcome) => outcomeOf(outcome, name));
  const parts = partsOf(ran, name);
  const used = new Set(own.flatMap(({ modalities }) => modalities));
  const modalities = ran.x.blocks.map(({ modality }) => modality.name).filter((modality) => used.has(modality));
  const agreement = fusion.spec.kind === 'late' ? agreementOf(ran, name, modalities) : undefined;
  const conversation = conversationOf(ran, name, modalities);
  const means = independence && meaningFor(fusion.spec, modalities, independence);
  return {
    name,
    role,
    modalities,
    ...(role === 'fusion' && { drivers: driversOf(own, modalities) }),
    ...(agreement && { agreement }),
    ...(means && { independenceMeans: means }),
    n: countTested(ran).n,
    metrics: estimates(parts, ran.sampling),
    wherePresent: cell(
      ran,
      modalities,
      parts,
      own.map(({ fromPrior }) => [...fromPrior.keys()].filter((at) => !fromPrior[at])),
    ),
    missing: missingCells(ran, name),
    natural: naturalCells(ran, parts),
    calibration: calibrationOf(parts),
    roc: rocOf(parts),
    ...trustOf(ran, name),
    ...(ran.target.kind === 'survival' && {
      survivalByRisk: survivalByRisk(parts.filter((_, f) => ran.outcomes[f].repeat === 1)),
    }),
    contributions: modalities.map((modality) => ({ modality, meanAbsolute: meanContribution(own, modality) })),
    ...(conversation && { conversation }),
    latencyMs: { fit: mean(own.map(({ fitMs }) => fitMs)), predict: mean(own.map(({ predictMs }) => predictMs)) },
    notes: notesOf(own, ran.target.kind),
  };
}

function pairedWithBest(
  ran: Ran,
  name: string,
  best: string,
): Required<Pick<StrategyResult, 'paired' | 'pairedWherePresent' | 'pairedOther'>> {
  const { outcomes, metric, sampling, margin, x, target } = ran;
  const keep = outcomes.map((outcome) => {
    const rows = new Set(rowsWith(x, outcomeOf(outcome, best).modalities));
    return [...outcome.test.keys()].filter((at) => rows.has(outcome.test[at]));
  });
  const narrow = (strategy: string) => partsOf(ran, strategy).map((part, f) => narrowed(part, keep[f]));
  const { n } = countTested(ran, keep);
  return {
    paired: pairedWith(ran, name, best),
    pairedWherePresent: pairedDifference(narrow(name), narrow(best), metric, { against: best, n, margin }, sampling),
    pairedOther: otherMetrics[target.kind].flatMap((other) =>
      other === metric ? [] : [pairedWith(ran, name, best, other)],
    ),
  };
}

/** The margin was declared for the metric of the verdict; others, on scales of their own, have none. */
function pairedWith(ran: Ran, name: string, against: string, metric = ran.metric): Paired {
  const { n } = countTested(ran);
  const margin = metric === ran.metric || rangeOf(metric).highest <= 1 ? ran.margin : 0;
  return pairedDifference(partsOf(ran, name), partsOf(ran, against), metric, { against, n, margin }, ran.sampling);
}

/** The single modality that turned out best on the test subjects: nobody could have known, so beating it proves more. */
function bestInHindsight({ metric }: Ran, singles: readonly StrategyResult[]): string | undefined {
  const value = ({ metrics }: StrategyResult) => {
    const found = metrics[metric]?.value ?? null;
    return found === null ? Number.NEGATIVE_INFINITY : higherIsBetter[metric] ? found : -found;
  };
  return singles.length ? singles.reduce((a, b) => (value(b) > value(a) ? b : a)).name : undefined;
}

/** Adjusts the paired comparisons of all strategies that were compared together. */
function withHolm(
  results: readonly StrategyResult[],
  of: 'paired' | 'pairedWherePresent',
  margin: number,
): StrategyResult[] {
  const together = results.flatMap((result) => result[of] ?? []);
  const after = new Map(adjusted(together, margin).map((paired, i) => [together[i], paired]));
  return results.map((result) => {
    const before = result[of];
    return before ? { ...result, [of]: after.get(before) as Paired } : result;
  });
}

function meanContribution(own: readonly StrategyOutcome[], modality: string): number {
  let total = 0;
  let subjects = 0;
  for (const { modalities, contributions, fromPrior } of own) {
    const m = modalities.indexOf(modality);
    if (m >= 0) total += contributions[m];
    subjects += fromPrior.length;
  }
  return subjects ? total / subjects : 0;
}

const mostRemarks = 8;

/** What the fits had to say, counted and summed up over folds, and what stood in for measurements at test. */
function notesOf(own: readonly StrategyOutcome[], kind: TargetKind): string[] {
  const counts = new Map<string, number>();
  for (const remark of own.flatMap(({ notes }) => notes.remarks)) counts.set(remark, (counts.get(remark) ?? 0) + 1);
  const remarks = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostRemarks);
  const out = remarks.map(([remark, times]) =>
    own.length > 1 ? `${remark} (${times} of ${own.length} folds)` : remark,
  );
  const names = new Set(own.flatMap(({ notes }) => Object.keys(notes.figures)));
  for (const name of names) out.push(`${name}: ${range(own.flatMap(({ notes }) => notes.figures[name] ?? []))}`);
  const fromPrior = own.flatMap((outcome) => [...outcome.fromPrior]);
  const stoodIn = fromPrior.filter((yes) => yes).length;
  if (stoodIn > 0) {
    out.push(
      `no modality there in ${stoodIn} of ${fromPrior.length} test predictions: ${priorWords[kind]} of training instead`,
    );
  }
  const filled = mean(own.flatMap((outcome) => [...outcome.filled]));
  if (filled > 0) out.push(`${(100 * filled).toFixed(1)} % of the inputs at test were filled in`);
  return out;
}

/** The median, and the range where there is one. */
function range(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const write = (value: number) => String(Number(value.toPrecision(3)));
  const [low, middle, high] = [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]].map(write);
  return low === high ? middle : `${middle} (${low} to ${high})`;
}

function mean(values: readonly number[]): number {
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : 0;
}
