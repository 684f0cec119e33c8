import { metricLabel } from '../score/metric.ts';
import type { Comparison, Finding, Paired, StrategyResult } from './comparison.ts';

/**
 * Does fusing help here? Over all fused strategies of the study, by p-values adjusted for their number, so that picking the
 * luckiest one is paid for. It helps if one of them is told to be better than the best single modality; it harms if all are told to be
 * worse; there is no meaningful difference if every interval lies within the margin; else the study cannot tell.
 */
export function verdictOf(strategies: readonly StrategyResult[], margin: number): Comparison['verdict'] {
  const fused = strategies.filter((s): s is StrategyResult & { paired: Paired } => s.paired !== undefined);
  const measured = fused.filter(({ paired }) => paired.difference !== null);
  if (measured.length === 0) {
    const sentence =
      'Whether fusion helps here cannot be told: no fused strategy could be compared with a single modality.';
    return { finding: 'cannot-tell', strategy: null, sentence };
  }
  const best = measured.reduce((a, b) => ((b.paired.difference as number) > (a.paired.difference as number) ? b : a));
  const all = (finding: Finding) => measured.every(({ paired }) => paired.finding === finding);
  const helpers = measured.filter(({ paired }) => paired.finding === 'helps');
  const harmers = measured.filter(({ paired }) => paired.finding === 'harms').map(({ name }) => name);
  const warning =
    harmers.length && !all('harms') ? ` ${listed(harmers)} ${harmers.length > 1 ? 'do' : 'does'} harm.` : '';

  if (helpers.length > 0) {
    const top = helpers.reduce((a, b) => ((b.paired.difference as number) > (a.paired.difference as number) ? b : a));
    return {
      finding: 'helps',
      strategy: top.name,
      sentence: `Fusion helps here: ${against(top)}.${qualified(top)}${warning}`,
    };
  }
  if (all('harms')) {
    const sentence = `Fusion harms here: ${against(best)}${measured.length > 1 ? ', and every other fused strategy by more' : ''}.`;
    return { finding: 'harms', strategy: best.name, sentence };
  }
  if (all('no-meaningful-difference')) {
    const sentence = `Fusion makes no meaningful difference here: ${against(best)}, and every fused strategy lies within the margin of ${number(margin)}.`;
    return { finding: 'no-meaningful-difference', strategy: best.name, sentence };
  }
  const smallest = best.paired.smallestDetectable;
  const blind =
    smallest === null ? '' : ` The smallest difference it would have seen four times in five is ${number(smallest)}.`;
  const sentence = `Whether fusion helps cannot be told at this size: ${against(best)}.${blind}${warning}`;
  return { finding: 'cannot-tell', strategy: best.name, sentence };
}

function against({ name, paired }: { readonly name: string; readonly paired: Paired }): string {
  const { difference, low, high, pHolm, metric } = paired;
  const better = (difference as number) >= 0 ? 'better' : 'worse';
  const p = pHolm === null ? '' : `, adjusted p ${pHolm < 0.001 ? '< .001' : `= ${number(pHolm)}`}`;
  const range = low === null || high === null ? '' : ` (95 % interval ${signed(low)} to ${signed(high)}${p})`;
  return `${name} is ${better} than the best single modality by ${number(Math.abs(difference as number))} in ${metricLabel[metric]}${range}`;
}

/** What qualifies the finding: the same strategy where the chosen modality was measured, and against a luckier choice. */
function qualified({ pairedWherePresent: present, pairedInHindsight: hindsight }: StrategyResult): string {
  const out: string[] = [];
  if (present && present.finding !== 'helps' && rangeOf(present)) {
    out.push(
      `On the ${present.n} subjects who have the modality chosen, the advantage is not certain (${rangeOf(present)}).`,
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

function rangeOf({ difference, low, high }: Paired): string | undefined {
  if (difference === null || low === null || high === null) return undefined;
  return `${signed(difference)}, ${signed(low)} to ${signed(high)}`;
}

function number(value: number): string {
  return value.toFixed(3).replace(/^(-?)0\./, '$1.');
}

function signed(value: number): string {
  return value < 0 ? `−${number(-value)}` : `+${number(value)}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
