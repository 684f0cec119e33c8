import { type Metric, metricLabel } from '../score/metric.ts';
import { amount, pValue } from '../score/written.ts';
import type { Comparison, Finding, Paired, StrategyResult } from './comparison.ts';

type Compared = StrategyResult & { readonly paired: Paired & { readonly difference: number } };

/**
 * Does fusing help here? Over all fused strategies of the study, by p-values adjusted for their number, so that picking the
 * luckiest one is paid for. It helps if one of them is told to be better than the best single modality; it harms if all are
 * told to be worse; it makes no meaningful difference if what is told leaves nothing but that and harm; else the study
 * cannot tell.
 */
/** @param unit of the target, where it has one: errors are told in it */
export function verdictOf(strategies: readonly StrategyResult[], margin: number, unit?: string): Comparison['verdict'] {
  const against = (one: Compared) => againstBest(one, unit);
  const compared = strategies.filter((one): one is Compared => (one.paired?.difference ?? null) !== null);
  if (compared.length === 0) return nothingCompared(strategies);
  const found = (finding: Finding) => compared.filter(({ paired }) => paired.finding === finding);
  const [helping, harming, same] = [found('helps'), found('harms'), found('no-meaningful-difference')];
  const best = bestOf(compared);
  const harm = harming.length ? ` ${listed(harming)} ${harming.length > 1 ? 'do' : 'does'} harm.` : '';

  if (helping.length > 0) {
    const top = bestOf(helping);
    const sentence = `Fusion helps here: ${against(top)}.${qualified(top)}${harm}`;
    return { finding: 'helps', strategy: top.name, sentence };
  }
  if (harming.length === compared.length) {
    const others = compared.length > 1 ? ', and every other fused strategy by more' : '';
    return { finding: 'harms', strategy: best.name, sentence: `Fusion harms here: ${against(best)}${others}.` };
  }
  if (same.length + harming.length === compared.length) {
    const scope = harming.length ? `${listed(same)} ${same.length > 1 ? 'lie' : 'lies'}` : 'every fused strategy lies';
    const opening = harming.length ? 'Fusion does not help here' : 'Fusion makes no meaningful difference here';
    const sentence = `${opening}: ${against(best)}, and ${scope} within the margin of ${amount(best.paired.metric, margin, unit)}.${harm}`;
    return { finding: 'no-meaningful-difference', strategy: best.name, sentence };
  }
  const sentence = `Whether fusion helps cannot be told at this size: ${against(best)}.${blindness(best.paired, unit)}${harm}`;
  return { finding: 'cannot-tell', strategy: best.name, sentence };
}

function nothingCompared(strategies: readonly StrategyResult[]): Comparison['verdict'] {
  const fusions = strategies.filter(({ role }) => role === 'fusion');
  const alone = fusions.length > 0 && fusions.every(({ modalities }) => modalities.length < 2);
  const sentence = alone
    ? 'There is nothing to fuse here: no strategy has more than one modality to work with.'
    : 'Whether fusion helps here cannot be told: no fused strategy could be compared with a single modality.';
  return { finding: 'cannot-tell', strategy: null, sentence };
}

function bestOf(compared: readonly Compared[]): Compared {
  return compared.reduce((a, b) => (b.paired.difference > a.paired.difference ? b : a));
}

/** What a study that cannot tell would have seen, or why it saw nothing. */
function blindness({ metric, low, smallestDetectable }: Paired, unit: string | undefined): string {
  if (low === null)
    return ' The difference is the same throughout, so nothing says how sure that is: a ceiling, or too few test subjects.';
  if (smallestDetectable === null) return '';
  return ` The smallest difference it would have seen four times in five is ${amount(metric, smallestDetectable, unit)}.`;
}

function againstBest({ name, paired }: Compared, unit: string | undefined): string {
  const { difference, low, high, metric } = paired;
  const range =
    low === null || high === null ? '' : ` (95 % interval ${gain(metric, low)} to ${gain(metric, high)}${pOf(paired)})`;
  if (difference === 0) return `${name} is as good as the best single modality in ${metricLabel[metric]}${range}`;
  const better = difference > 0 ? 'better' : 'worse';
  return `${name} is ${better} than the best single modality by ${amount(metric, Math.abs(difference), unit)} in ${metricLabel[metric]}${range}`;
}

function pOf({ pHolm }: Paired): string {
  if (pHolm === null) return '';
  return `, adjusted p ${pHolm < 0.001 ? '' : '= '}${pValue(pHolm)}`;
}

/** What qualifies the finding: the same strategy where the chosen modality was measured, and against a luckier choice. */
function qualified({ pairedWherePresent: present, pairedInHindsight: hindsight }: StrategyResult): string {
  const out: string[] = [];
  if (present && present.finding !== 'helps' && rangeOf(present)) {
    out.push(
      `On the ${present.n} subjects who have the modality chosen, the advantage is not certain (${rangeOf(present)}${pOf(present)}).`,
    );
  }
  if (hindsight && rangeOf(hindsight)) {
    const name = hindsight.against.replace(/^single:/, '');
    const certain = (hindsight.low as number) > 0;
    out.push(
      certain
        ? `It also beats ${name}, the best in hindsight (${rangeOf(hindsight)}).`
        : `Against ${name}, the best in hindsight, the advantage is not certain (${rangeOf(hindsight)}).`,
    );
  }
  return out.map((sentence) => ` ${sentence}`).join('');
}

function rangeOf({ metric, difference, low, high }: Paired): string | undefined {
  if (difference === null || low === null || high === null) return undefined;
  return `${gain(metric, difference)}, ${gain(metric, low)} to ${gain(metric, high)}`;
}

/** A difference with its sign. */
function gain(metric: Metric, value: number): string {
  const text = amount(metric, value);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

function listed(strategies: readonly StrategyResult[]): string {
  const names = strategies.map(({ name }) => name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
