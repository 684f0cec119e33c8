/**
 * Whether attention is a faithful account of what predictions rest on, over test subjects and in words. By the paired t-test:
 * one choice against the mean of several has a mean difference of 0 where the choice is arbitrary, but no symmetric one, as a
 * signed-rank test takes for granted.
 */
import { studentQuantile, studentUpper } from '../array/distributions.ts';
import type { Target } from '../describe/target.ts';
import { interval, pValue, share, difference as signed } from '../score/written.ts';
import type { FaithfulnessFinding, FaithfulnessResult } from './comparison.ts';

const alpha = 0.05;
const fewest = 10; // subjects, below which a mean of skewed differences is far from normal

interface Moved {
  readonly most: number;
  readonly random: number;
}

/** @param moved by subject; NaN where nothing could be chosen */
export function faithfulnessOf(
  moved: readonly Moved[],
  { hidden, level, target }: { readonly hidden: number; readonly level: number; readonly target: Target },
): FaithfulnessResult {
  const own = moved.filter(({ most }) => Number.isFinite(most));
  const n = own.length;
  const most = mean(own.map((one) => one.most));
  const random = mean(own.map((one) => one.random));
  const differences = own.map((one) => one.most - one.random);
  const difference = mean(differences);
  const squares = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0);
  const error = Math.sqrt(squares / (n - 1) / n);
  const still = most === 0 && random === 0; // nothing moves at all
  if (n < fewest || (error <= 1e-12 * Math.abs(difference) && !still)) {
    const nothing = { most: null, random: null, difference: null, low: null, high: null, p: null };
    const few = `it takes ${fewest} subjects, here are ${n}`;
    const why =
      hidden === 0 ? 'no modality has two tokens to choose from' : n < fewest ? few : 'all subjects are alike';
    const sentence = `Whether attention is faithful was not tested: ${why}.`;
    return { hidden, n, ...nothing, finding: 'not-tested', sentence };
  }
  const half = -studentQuantile((1 - level) / 2, n - 1) * error;
  const p = still ? 1 : Math.min(1, 2 * studentUpper(Math.abs(difference) / error, n - 1));
  const finding = p >= alpha ? 'none-seen' : difference > 0 ? 'faithful' : 'opposed';
  const figures = { most, random, difference, low: difference - half, high: difference + half, p };
  return { hidden, n, ...rounded(figures), finding, sentence: sentenceOf(figures, finding, target) };
}

type Figures = { readonly [F in 'most' | 'random' | 'difference' | 'low' | 'high' | 'p']: number };

const meanings: { readonly [F in Exclude<FaithfulnessFinding, 'not-tested'>]: string } = {
  faithful: 'Attention is faithful here: what is asked for most matters more to the prediction than what is not.',
  opposed: 'Attention is not faithful here: what is asked for most matters less to the prediction than what is not.',
  'none-seen': 'That attention is faithful is not seen here: do not read from it what predictions rest on.',
};

function sentenceOf(
  { most, random, difference, low, high, p }: Figures,
  finding: Exclude<FaithfulnessFinding, 'not-tested'>,
  target: Target,
): string {
  const [what, unit] = movedWords(target);
  return `Without the tokens asked for most ${what} move by ${share(most)}${unit}, without as many others of the same modalities by ${share(random)}: difference ${signed(difference)} (${interval(low, high, signed)}), p ${compared(p)}. ${meanings[finding]}`;
}

function movedWords(target: Target): readonly [what: string, unit: string] {
  switch (target.kind) {
    case 'classes':
      return ['class probabilities', ''];
    case 'survival':
      return ['risks', ' standard deviations'];
    case 'value':
      return ['values', target.unit === undefined ? '' : ` ${target.unit}`];
  }
}

function compared(p: number): string {
  const text = pValue(p);
  return text.startsWith('<') ? text : `= ${text}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Four decimals, none of them −0; of p, which may be small, as many digits. */
function rounded({ p, ...others }: Figures): Figures {
  const short = Object.entries(others).map(([name, value]) => [name, Number(value.toFixed(4)) + 0] as const);
  return { ...(Object.fromEntries(short) as Omit<Figures, 'p'>), p: Number(p.toPrecision(4)) };
}
