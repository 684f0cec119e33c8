import type { Comparison, Finding, Paired } from '../evaluate/comparison.ts';
import { inTargetUnit, type Metric, metricLabel } from '../score/metric.ts';
import { amount } from '../score/written.ts';

type Target = Comparison['study']['target'];

/** The unit of a metric's figures: that of the target for errors of values, none for all else. */
export function unitOf(metric: Metric, target: Target): string | undefined {
  return inTargetUnit.has(metric) ? target.unit : undefined;
}

/** `mean absolute error in years`; without a unit the name alone. */
export function metricName(metric: Metric, target: Target): string {
  const unit = unitOf(metric, target);
  return unit === undefined ? metricLabel[metric] : `${metricLabel[metric]} in ${unit}`;
}

/** `.020 years`, or as it was. */
export function withUnit(written: string, unit: string | undefined): string {
  return unit === undefined ? written : `${written} ${unit}`;
}

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
export function gloss({ verdict, protocol, study }: Comparison): string {
  const metric = metricLabel[protocol.metric];
  const least = amount(protocol.metric, protocol.margin, unitOf(protocol.metric, study.target));
  const margin = `A difference of less than ${least} in ${metric} counts as too small to matter, which was fixed before looking.`;
  switch (verdict.finding) {
    case 'helps':
      return `Fusing several modalities predicted better than the best one of them alone, and by more than chance differences between test sets explain. The best one is chosen as it would have to be in use: on training subjects only. ${margin}`;
    case 'harms':
      return `Fusing several modalities predicted worse than the best one of them alone, and by more than chance differences between test sets explain. ${margin}`;
    case 'no-meaningful-difference':
      return `${margin} The interval of the difference lies inside that margin, so whatever the true difference is, it is too small to matter in practice: the simpler model will do.`;
    case 'cannot-tell':
      return `${margin} Of the fused strategies together, these data do not decide: at least one interval leaves room for a difference that matters as well as for none. That they show no clear difference does not mean that there is none.`;
  }
}

/** To begin a sentence with. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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

/** The event of a target of two classes, so that it can be read in a sentence: `dead`, but `vital_status = 1`. */
export function eventOf({ kind, name, classes }: Target): string | undefined {
  if (kind !== 'classes' || classes.length !== 2) return undefined;
  return /^([\d.+-]+|true|false|yes|no|y|n)$/i.test(classes[1]) ? `${name} = ${classes[1]}` : classes[1];
}

/** Whether subjects are counted by an event: one of two classes, or the event of survival. */
export function hasEvents({ classes }: Target): boolean {
  return classes.length === 2;
}

/** `92 (34)`, where the target has an event; else `92`. */
export function withEvents(n: number, classCounts: readonly number[]): string {
  return classCounts.length === 2 ? `${n} (${classCounts[1]})` : `${n}`;
}
