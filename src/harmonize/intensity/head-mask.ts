import { InputError } from '../../errors.ts';
import { type Connectivity, connectivities, fillHolesInSlices, largestComponent } from './components.ts';
import { checkChoice } from './option-checks.ts';
import { above, otsuThreshold } from './otsu.ts';
import { type Channel, channelsOf, type Scan } from './scan.ts';

export interface HeadMaskOptions {
  /** Which voxels hang together; default: those that share a face. */
  readonly connectivity?: Connectivity;
}

/**
 * The head (or whatever else is the one large bright thing), in 2-D and 3-D: values above Otsu's threshold, what these enclose
 * within any slice along an axis (a brain in its scalp, a dark skull open at the neck), of all that the largest connected
 * piece. Where the scalp is not above the threshold all around, what is left is the brain. 1 in the mask, of each channel by
 * itself.
 *
 * @throws InputError as `Scan`s do, of an unknown connectivity, and without a shape
 */
export function headMask(scan: Scan, options: HeadMaskOptions = {}): Uint8Array {
  const out = new Uint8Array(scan.data.length); // [channels, voxels]
  channelsOf(scan, 'headMask').forEach((channel, c) => {
    out.set(headOf({ ...channel, observed: channel.mask }, options), c * channel.values.length);
  });
  return out;
}

/** The same of one channel; voxels that were not measured are not in it. */
export function headOf(channel: Channel, { connectivity = 'face' }: HeadMaskOptions = {}): Uint8Array {
  const { observed, shape, where } = channel;
  checkChoice(connectivity, connectivities, `${where}: connectivity`);
  if (!shape) {
    throw new InputError({ where, what: 'no shape', expected: '[depth, height, width]: a head hangs together' });
  }
  const bright = above(channel, otsuThreshold(channel));
  const head = largestComponent(fillHolesInSlices(bright, shape), shape, connectivity);
  return observed ? head.map((one, i) => (one && observed[i] ? 1 : 0)) : head;
}
