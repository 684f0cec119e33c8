import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { type Scale, scales } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer } from './harmonizer.ts';

export interface Log1pOptions {
  /** Which scales to transform: those whose zero means "none". */
  readonly scales?: readonly Scale[];
  /**
   * `skewed` (default): only where the training values ask for it, decided once for all features of a scale, so that the
   * features of an assay keep one language: the median feature has skewness above 1 and the logarithm makes it smaller.
   */
  readonly when?: 'skewed' | 'always';
}

/** log(1 + x), which takes multiplicative spread to additive: counts and concentrations. Negative values are refused. */
export const log1p = harmonizer({
  kind: 'log1p',
  version: 1,
  learn(block, { scales: on = ['count', 'ratio'], when = 'skewed' }: Log1pOptions) {
    const { features } = block.modality;
    const chosen = scales.filter((scale) => on.includes(scale) && (when === 'always' || isSkewed(block, scale)));
    return {
      names: features.map((feature) => feature.name),
      logged: features.map((feature) => chosen.includes(feature.scale)),
    };
  },
  transform(block, { names, logged }): Block {
    checkFeatures(block, names, 'log1p');
    if (!logged.includes(true)) return block;
    const [rows, columns] = block.values.shape;
    const data = emptyLike(block.values.data, rows * columns); // [subjects, features]
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) {
        const value = block.values.data[at];
        if (logged[j] && value < 0) {
          throw new InputError({
            where: `log1p: ${block.modality.name}: ${names[j]}`,
            what: `a negative value on the ${block.modality.features[j].scale} scale`,
            got: String(value),
          });
        }
        data[at] = logged[j] ? Math.log1p(value) : value;
      }
    }
    return { ...block, values: { shape: [rows, columns], data } };
  },
});

function isSkewed(block: Block, scale: Scale): boolean {
  const raw: number[] = [];
  const logged: number[] = [];
  for (let j = 0; j < block.modality.features.length; j++) {
    if (block.modality.features[j].scale !== scale) continue;
    const values = observedValues(block, j);
    if (values.some((value) => value < 0)) return false;
    const skew = skewness(values);
    if (skew === undefined) continue;
    raw.push(skew);
    logged.push(skewness(values.map(Math.log1p)) as number);
  }
  if (raw.length === 0) return false;
  return median(raw) > 1 && Math.abs(median(logged)) < median(raw);
}

function skewness(values: Float64Array): number | undefined {
  const n = values.length;
  if (n < 3) return undefined;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  let second = 0;
  let third = 0;
  for (const value of values) {
    second += (value - mean) ** 2;
    third += (value - mean) ** 3;
  }
  return second > 0 ? third / n / (second / n) ** 1.5 : undefined;
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}
