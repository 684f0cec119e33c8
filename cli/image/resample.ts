import {
  type Grid,
  gridLike,
  InputError,
  type Interpolation,
  readImageFileHeader,
  resample,
  resampleLabels,
  type SpatialTransform,
  spacingMm,
  type Volume,
  voxelCount,
  writeNifti,
} from '../../src/index.ts';
import { replaceFile } from '../replace-file.ts';
import { checkOutput } from './outputs.ts';
import { elsewhere, readScan, shareOf, type WhichVolume } from './together.ts';
import { readTransform } from './transform-of.ts';
import { gridInWords, percentInWords, shown } from './words.ts';

export const resamplings = ['nearest', 'linear', 'cubic', 'labels'] as const;

export interface ResampleFlags extends WhichVolume {
  readonly out: string;
  readonly like?: string;
  readonly spacing?: number;
  readonly transform?: string;
  readonly interpolation?: Interpolation | 'labels';
  readonly json?: boolean;
  readonly force?: boolean;
}

/** Most numbers of a new image. */
const most = 2 ** 28;

/** Writes a scan on another grid. */
export async function resampleScan(file: string, flags: ResampleFlags): Promise<number> {
  const { out, like, spacing, interpolation = 'linear', json = false, force = false } = flags;
  if ((like === undefined) === (spacing === undefined)) {
    const got = like === undefined ? 'neither' : 'both';
    throw new InputError({
      where: 'image resample',
      what: 'which grid?',
      expected: '--like FILE or --spacing MM',
      got,
    });
  }
  const named = [file, like, flags.transform].filter((one) => one !== undefined);
  checkOutput(out, ['.nii.gz', '.nii'], named, force);
  const scan = await readScan(file, flags);
  const { volume } = scan;
  const template = like === undefined ? undefined : await readImageFileHeader(like);
  const transform = flags.transform === undefined ? undefined : await readTransform(flags.transform);
  if (template && !transform) {
    const unplaced = !template.placed ? like : !volume.placed ? file : undefined;
    if (unplaced !== undefined) {
      const expected = 'scans that do, or --transform';
      throw new InputError({ where: unplaced, what: 'does not say where it stands', expected });
    }
  }
  const grid = template ?? gridLike(volume, { spacingMm: spacing as number });
  const numbers = voxelCount(grid) * volume.frames * volume.channels;
  if (numbers > most) {
    throw new InputError({ where: out, what: 'too large', expected: `at most ${most} numbers`, got: `${numbers}` });
  }
  const { volume: made, inside, ties } = resampled(volume, grid, interpolation, transform);
  const share = shareOf(inside);
  if (share === 0) throw elsewhere(file, like ?? file);
  const dimensions = template?.dimensions ?? volume.dimensions;
  const placed = template?.placed ?? volume.placed;
  await replaceFile(out, writeNifti({ ...made, dimensions, placed }, { gzip: out.endsWith('.gz') }));
  if (json) {
    const [depth, height, width] = grid.shape;
    const size = [width, height, depth];
    const told = {
      output: out,
      size,
      spacingMm: spacingMm(grid),
      interpolation,
      within: share,
      ...(ties !== undefined && { ties }),
    };
    process.stdout.write(`${JSON.stringify(told, null, 1)}\n`);
    return 0;
  }
  const tied = ties ? `; at ${ties} voxels two labels were as frequent, and the smaller was taken` : '';
  const within = `${percentInWords(share)} of them within ${shown(file)}`;
  process.stdout.write(`${shown(out)}: ${gridInWords(grid, dimensions)}, ${within}, ${interpolation}${tied}\n`);
  return 0;
}

interface Made {
  readonly volume: Volume;
  readonly inside: Uint8Array;
  readonly ties?: number;
}

function resampled(
  volume: Volume,
  grid: Grid,
  interpolation: Interpolation | 'labels',
  transform: SpatialTransform | undefined,
): Made {
  const moved = { ...(transform && { transform }) };
  if (interpolation !== 'labels') return resample(volume, grid, { ...moved, interpolation });
  if (volume.frames * volume.channels > 1) {
    const got = `${volume.frames} frames, ${volume.channels} channels`;
    throw new InputError({ where: '--interpolation labels', what: 'of one image only', expected: 'one', got });
  }
  return resampleLabels(volume, grid, moved);
}
