import { InputError } from '../../errors.ts';
import type { IntensityMap } from './intensity-map.ts';
import { type MaskOption, scanHarmonizer } from './scan-harmonizer.ts';
import { checkTissueMode, type TissueModeOptions, tissueModeOf } from './tissue-mode.ts';

export interface KdeModeOptions extends TissueModeOptions, MaskOption {
  /** What the peak becomes; default 1. */
  readonly to?: number;
}

/**
 * Divides by the peak of a tissue in the smooth histogram (see `TissueModeOptions`), so that 0 stays 0. The bandwidth
 * decides what is found: with `intensity-normalization` it is that package's figure, which is about the mean of the scan,
 * 181.9 on the MNI152 template where white matter has 219.6; with `scott` (default) the peak at 214.9.
 *
 * @throws InputError on a peak that is not above 0, by which nothing can be divided
 */
export const kdeMode = scanHarmonizer({
  kind: 'kde-mode',
  version: 1,
  mask: 'positive',
  makes: 'ratio',
  learn(_, { mode = 'last', bandwidth = 'scott', to = 1 }: KdeModeOptions) {
    checkOptions({ mode, bandwidth, to });
    return { mode, bandwidth, to };
  },
  check: (state) => checkOptions(state),
  mapOf(voxels, { to, ...options }): IntensityMap {
    const peak = tissueModeOf(voxels, options);
    if (peak > 0) return { kind: 'z-score', from: { mean: 0, sd: peak }, to: { mean: 0, sd: to } };
    const expected = 'a peak above 0, or the z-score';
    throw new InputError({ where: voxels.where, what: 'nothing to divide by', expected, got: `a peak at ${peak}` });
  },
});

function checkOptions({ to, ...options }: TissueModeOptions & { readonly to: number }): void {
  checkTissueMode(options, 'kde-mode');
  if (to > 0 && Number.isFinite(to)) return;
  throw new InputError({ where: 'kde-mode: to', what: 'unusable', expected: 'a positive number', got: `${to}` });
}
