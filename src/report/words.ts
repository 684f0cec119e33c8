import type { Comparison, Finding, Paired } from '../evaluate/comparison.ts';
import { metricLabel } from '../score/metric.ts';
import { share } from './numbers.ts';

export const findingLabel: { readonly [F in Finding]: string } = {
  helps: 'fusion helps',
  harms: 'fusion harms',
  'no-meaningful-difference': 'no meaningful difference',
  'cannot-tell': 'cannot tell',
};

export const methodLabel: { readonly [M in Paired['method']]: string } = {
  'corrected-resampled-t': 'corrected resampled t (Nadeau and Bengio)',
  delong: 'DeLong',
  'paired-bootstrap': 'paired bootstrap over subjects',
};

/** What the finding and the margin mean, for a reader who does not do statistics for a living. */
export function gloss({ verdict, protocol }: Comparison): string {
  const { metric } = protocol;
  const margin = `Before looking, a difference of less than ${share(protocol.margin)} in ${metricLabel[metric]} was declared too small to matter.`;
  switch (verdict.finding) {
    case 'helps':
      return `Fusing several modalities predicted better than the best one of them alone, by more than the chance variation between test sets explains. ${margin}`;
    case 'harms':
      return `Fusing several modalities predicted worse than the best one of them alone, by more than the chance variation between test sets explains. ${margin}`;
    case 'no-meaningful-difference':
      return `${margin} The interval of the difference lies wholly inside that margin: whatever the true difference is, it does not matter in practice. The simpler model will do.`;
    case 'cannot-tell':
      return `${margin} The interval of the difference leaves room both for a difference that matters and for none: this study is too small to decide. That is not evidence of no difference.`;
  }
}

/** A set of modalities in words: all, all but a few, or their names. */
export function setOf(present: readonly string[], all: readonly string[]): string {
  if (present.length === 0) return 'none';
  if (present.length === all.length) return all.length === 1 ? all[0] : `all ${all.length}`;
  const lacking = all.filter((name) => !present.includes(name));
  return lacking.length <= 2 && present.length > 2 ? `all but ${lacking.join(' and ')}` : present.join(' + ');
}

/** At most `length` characters, the middle left out: names that differ at either end still differ. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (length - 1 - head)).join('')}`;
}

/** `92 (34 dead)`, where the target has an event; else `92`. */
export function withEvents(n: number, classCounts: readonly number[]): string {
  return classCounts.length === 2 ? `${n} (${classCounts[1]})` : `${n}`;
}
