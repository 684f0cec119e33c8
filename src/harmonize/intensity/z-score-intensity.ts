import { InputError } from '../../errors.ts';
import { checkScale, type MeanAndSd } from '../z-score-map.ts';
import { type Basis, checkBasis } from './basis.ts';
import type { ForegroundRule } from './foreground.ts';
import type { IntensityMap } from './intensity-map.ts';
import { pooledMoments, spreadOf } from './moments.ts';
import { channelsOf, type Scan } from './scan.ts';
import { type MaskOption, scanHarmonizer } from './scan-harmonizer.ts';
import { voxelsThatCount } from './voxels.ts';

export interface ZScoreIntensityOptions extends MaskOption {
  /** Default `scan`. `training` keeps what differs between scans, and what differs between scanners. */
  readonly by?: Basis;
  /** The scale to map onto; default: mean 0, sd 1. */
  readonly to?: MeanAndSd;
}

/**
 * The z-score of each voxel by mean and standard deviation (divided by n) of the voxels that count, as
 * intensity-normalization's `ZScoreNormalizer`. By the scan itself, a tissue's value then depends on what else is in the
 * picture: the same soft tissue comes out lower in a slice with more bone.
 *
 * @throws InputError on a scan without spread
 */
export const zScoreIntensity = scanHarmonizer({
  kind: 'intensity-z-score',
  version: 1,
  mask: 'positive',
  makes: 'interval',
  learn(scans, { by = 'scan', to = { mean: 0, sd: 1 } }: ZScoreIntensityOptions) {
    checkBasis(by, 'intensity-z-score');
    checkScale(to, 'intensity-z-score: to');
    return { to: { ...to }, from: by === 'training' ? { ...pooledMoments(scans) } : null };
  },
  check({ from, to }) {
    checkScale(to, 'intensity-z-score: to');
    if (from !== null) checkScale(from, 'intensity-z-score: from');
  },
  mapOf: (voxels, { from, to }): IntensityMap => ({ kind: 'z-score', from: from ?? spreadOf(voxels), to }),
});

/**
 * The z-score map that brings one scan to the scale of another, perhaps of another modality: a voxel goes where it stands
 * equally many standard deviations from the mean. 1200 of a scan of mean 1000, sd 200 becomes 50 in the terms of one of mean
 * 40, sd 10. A map a channel; `invertIntensityMap` takes it back.
 *
 * @param to a scan with as many channels, or a scale
 * @throws InputError on a scan without spread, a scale without one, and another number of channels
 */
export function zScoreMapBetween(
  from: Scan,
  to: Scan | MeanAndSd,
  { mask = 'positive' }: { readonly mask?: ForegroundRule } = {},
): IntensityMap[] {
  const scales = (scan: Scan, where: string) =>
    channelsOf(scan, `zScoreMapBetween: ${where}`).map((channel) => spreadOf(voxelsThatCount(channel, mask)));
  const own = scales(from, 'from');
  const goals = 'data' in to ? scales(to, 'to') : own.map(() => to);
  if (!('data' in to)) checkScale(to, 'zScoreMapBetween: to');
  if (goals.length !== own.length) {
    const [expected, got] = [`${own.length}, as the other`, `${goals.length}`];
    throw new InputError({ where: 'zScoreMapBetween: to', what: 'another number of channels', expected, got });
  }
  return own.map((scale, c) => ({ kind: 'z-score', from: scale, to: goals[c] }));
}
