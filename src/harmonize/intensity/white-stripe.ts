/**
 * R. T. Shinohara et al., Statistical normalization techniques for magnetic resonance imaging, NeuroImage: Clinical 6 (2014)
 * 9-19.
 */
import { InputError } from '../../errors.ts';
import type { IntensityMap } from './intensity-map.ts';
import { momentsOf } from './moments.ts';
import { percentilesOf } from './order-statistics.ts';
import { type MaskOption, scanHarmonizer } from './scan-harmonizer.ts';
import { checkTissueMode, type TissueModeOptions, tissueModeOf } from './tissue-mode.ts';
import type { Voxels } from './voxels.ts';

export interface WhiteStripeOptions extends TissueModeOptions, MaskOption {
  /** Share of the voxels that the stripe takes on either side of the peak; default .05. */
  readonly width?: number;
}

export interface WhiteStripe {
  /** The peak taken for white matter. */
  readonly mode: number;
  /** The stripe lies between these, without them. */
  readonly low: number;
  readonly high: number;
  /** Voxels in the stripe, their mean and standard deviation (divided by n). */
  readonly count: number;
  readonly mean: number;
  readonly sd: number;
}

/**
 * The z-score by the voxels in a stripe about the peak of white matter, as intensity-normalization's
 * `WhiteStripeNormalizer`. Scans should be of a brain cut out of its skull. What it finds is a peak, not a tissue: on the
 * MNI152 template 214.5 where white matter has the mean 219.6.
 *
 * @throws InputError where the stripe holds no voxels or one value, as of coarse integers
 */
export const whiteStripe = scanHarmonizer({
  kind: 'white-stripe',
  version: 1,
  mask: 'positive',
  makes: 'interval',
  learn(_, { width = 0.05, mode = 'last', bandwidth = 'scott' }: WhiteStripeOptions) {
    checkOptions({ width, mode, bandwidth });
    return { width, mode, bandwidth };
  },
  check: (state) => checkOptions(state),
  mapOf(voxels, options): IntensityMap {
    const { mean, sd } = whiteStripeOf(voxels, options);
    return { kind: 'z-score', from: { mean, sd }, to: { mean: 0, sd: 1 } };
  },
});

function checkOptions({ width, ...options }: TissueModeOptions & { readonly width: number }): void {
  checkTissueMode(options, 'white-stripe');
  if (Number.isFinite(width) && width > 0 && width <= 1) return;
  const expected = 'a share above 0, up to 1';
  throw new InputError({ where: 'white-stripe: width', what: 'unusable', expected, got: `${width}` });
}

export function whiteStripeOf(voxels: Voxels, options: Omit<WhiteStripeOptions, 'mask'> = {}): WhiteStripe {
  const { values, mask, count: all, where } = voxels;
  const { width = 0.05 } = options;
  const mode = tissueModeOf(voxels, options);
  let below = 0;
  for (let i = 0; i < values.length; i++) if (values[i] < mode && (!mask || mask[i])) below++;
  const share = below / all;
  const [low, high] = percentilesOf(voxels, [100 * (share - width), 100 * (share + width)]);
  const stripe = new Uint8Array(values.length); // [voxels]
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] > low && values[i] < high) || (mask && !mask[i])) continue;
    stripe[i] = 1;
    count++;
  }
  const { mean, sd } = count > 0 ? momentsOf({ values, mask: stripe, count, where }) : { mean: mode, sd: 0 };
  if (sd > 0) return { mode, low, high, count, mean, sd };
  throw new InputError({
    where,
    what: `a white stripe of ${count === 0 ? 'no voxels' : 'one value'} about ${mode}`,
    expected: `values that differ between ${low} and ${high}, or a larger width`,
  });
}
