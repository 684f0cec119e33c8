/** Which voxels show the subject, where nobody says. */
import { headOf } from './head-mask.ts';
import { checkChoice } from './option-checks.ts';
import { above, otsuThreshold } from './otsu.ts';
import { type Channel, channelsOf, type Scan } from './scan.ts';

/**
 * `positive`: values above 0 (brains cut out, MRI without noise; not CT in HU); `otsu`: above Otsu's threshold; `head`: that,
 * its largest piece, holes filled (see `headMask`); `all`: every voxel.
 */
export const foregroundRules = ['positive', 'otsu', 'head', 'all'] as const;
export type ForegroundRule = (typeof foregroundRules)[number];

/**
 * A mask of the foreground, of each channel by itself: 1 where a voxel is in it.
 *
 * @throws InputError as `Scan`s do, of an unknown rule, and with `head` without a shape
 */
export function foregroundMask(scan: Scan, rule: ForegroundRule = 'positive'): Uint8Array {
  const channels = channelsOf(scan, 'foregroundMask');
  const out = new Uint8Array(scan.data.length); // [channels, voxels]
  channels.forEach((channel, c) => {
    const size = channel.values.length;
    const own = foregroundOf({ ...channel, observed: channel.mask }, rule);
    if (own) out.set(own, c * size);
    else out.fill(1, c * size, (c + 1) * size);
    if (own || !channel.mask) return;
    for (let i = 0; i < size; i++) out[c * size + i] = channel.mask[i] ? 1 : 0;
  });
  return out;
}

/** The same of one channel; nothing where every voxel counts. Voxels that were not measured are never in it. */
export function foregroundOf(channel: Channel, rule: ForegroundRule): Uint8Array | undefined {
  checkChoice(rule, foregroundRules, `${channel.where}: mask`);
  if (rule === 'all') return undefined;
  if (rule === 'head') return headOf(channel);
  return above(channel, rule === 'positive' ? 0 : otsuThreshold(channel));
}
