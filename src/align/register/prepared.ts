/** An image made ready to be compared: its pyramid, the range of its values, and where the patient is in it. */
import type { Volume } from '../../read/image/volume.ts';
import type { Metric } from './agreement.ts';
import { type Foreground, foregroundOf, grown, rangeOf } from './head-box.ts';
import type { Level } from './linear-climb.ts';
import { agreementOf } from './metric.ts';
import { pyramid } from './pyramid.ts';
import type { Range } from './range.ts';
import { inRegions } from './regions.ts';
import { drawSamples } from './samples.ts';
import { type ScalarImage, scalarImage } from './scalar-image.ts';

export interface Prepared {
  /** Coarsest first. */
  readonly levels: readonly ScalarImage[];
  readonly ranges: readonly Range[];
  readonly spacingsMm: readonly number[];
  readonly foreground: Foreground;
}

/** @param spacingsMm of the levels, coarsest first */
export function prepare(
  volume: Volume,
  name: string,
  mask: Volume | undefined,
  spacingsMm: readonly number[],
): Prepared {
  const levels = pyramid(scalarImage(volume, name, mask), spacingsMm);
  const middle = levels[Math.max(0, levels.length - 2)];
  return {
    levels,
    // The outermost half percent is clipped: one bright vessel or a metal clip must not use up the bins.
    ranges: levels.map(({ data }) => rangeOf(data, 0.005, 0.995)),
    spacingsMm,
    foreground: foregroundOf(middle),
  };
}

export interface LevelOptions {
  readonly metric: Metric;
  readonly seed: number;
  readonly most: number;
  readonly keep?: (x: number, y: number, z: number) => boolean;
  /** Whether regions of space have histograms of their own; default false. */
  readonly regional?: boolean;
}

/** The pair at one level of the pyramid, compared at places around the fixed image's foreground. */
export function levelOf(fixed: Prepared, moving: Prepared, at: number, options: LevelOptions): Level {
  const { metric, seed, most, keep, regional = false } = options;
  const bins = most < 20_000 ? 24 : 32;
  const spacingMm = fixed.spacingsMm[at];
  const drawn = drawSamples(fixed.levels[at], {
    seed,
    most,
    bins,
    range: fixed.ranges[at],
    box: grown(fixed.foreground.whole, 10 * fixed.spacingsMm[fixed.spacingsMm.length - 1]),
    ...(keep && { keep }),
  });
  const { samples, regions } = regional
    ? inRegions(drawn, bins, fixed.foreground.whole)
    : { samples: drawn, regions: 1 };
  const agreement = agreementOf(metric, bins, moving.ranges[at], regions);
  return { samples, moving: moving.levels[at], agreement, spacingMm };
}
