import {
  checkerboard,
  difference,
  type GreyWindow,
  greyWindow,
  histogramPicture,
  InputError,
  jointHistogramPicture,
  montage,
  overlay,
  type Picture,
  type Plane,
  planes,
  type TileOptions,
  type Volume,
  writePng,
} from '../../src/index.ts';
import { replaceFile } from '../replace-file.ts';
import { checkOutput } from './outputs.ts';
import { onGridOf, onOneGrid, readScan, type Scan, type WhichVolume } from './together.ts';
import { readTransform } from './transform-of.ts';
import { percentInWords, shortNumber, shown } from './words.ts';

export const views = ['montage', 'checkerboard', 'overlay', 'difference', 'histogram', 'joint'] as const;
type View = (typeof views)[number];

export interface ViewFlags extends WhichVolume {
  readonly out: string;
  readonly as?: View;
  readonly plane?: Plane | 'all';
  readonly slices?: number;
  readonly window?: GreyWindow;
  readonly otherWindow?: GreyWindow;
  readonly frame?: number;
  readonly size?: number;
  readonly transform?: string;
  readonly letters?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
}

const ofTwo: readonly View[] = ['checkerboard', 'overlay', 'difference', 'joint'];

/** Writes a picture of one scan, or of two. */
export async function view(file: string, other: string | undefined, flags: ViewFlags): Promise<number> {
  const { out, as = other === undefined ? 'montage' : 'checkerboard', json = false, force = false } = flags;
  if (ofTwo.includes(as) && other === undefined) {
    throw new InputError({ where: `--as ${as}`, what: 'shows two images', expected: 'a second file', got: 'one' });
  }
  if (as === 'montage' && other !== undefined) {
    const expected = ['histogram', ...ofTwo].join(', ');
    throw new InputError({
      where: '--as montage',
      what: 'shows one image',
      expected: `one file, or one of ${expected}`,
    });
  }
  const named = [file, other, flags.transform].filter((one) => one !== undefined);
  checkOutput(out, ['.png'], named, force);
  const first = await readScan(file, flags);
  const second = other === undefined ? undefined : await alongside(await readScan(other), first, as, flags.transform);
  const picture = pictureOf(as, first.volume, second, flags);
  await replaceFile(out, writePng(picture));
  const { width, height } = picture;
  const grey = flags.window ?? greyWindow(first.volume, flags.frame === undefined ? {} : { frame: flags.frame });
  if (json) {
    const told = { picture: out, as, width, height, window: grey };
    process.stdout.write(`${JSON.stringify(told, null, 1)}\n`);
  } else {
    const range = as === 'histogram' || as === 'joint' ? 'values' : 'grey';
    const colour = as === 'montage' && picture.channels === 3;
    const values = colour ? 'colour' : `${range} from ${shortNumber(grey.low)} to ${shortNumber(grey.high)}`;
    process.stdout.write(`${shown(out)}: ${as}, ${width} x ${height} pixels, ${values}\n`);
  }
  return 0;
}

/** The second scan on the grid of the first; of histograms that do not ask for places it stays as it is. */
async function alongside(other: Scan, first: Scan, as: View, transform: string | undefined): Promise<Volume> {
  if (as === 'histogram') return other.volume;
  if (transform === undefined && onOneGrid(first.volume, other.volume)) return other.volume;
  const given = transform === undefined ? {} : { transform: await readTransform(transform) };
  const { volume, share } = onGridOf(other, first, given);
  const on = `brought to the grid of ${shown(first.file)}, of which it shows ${percentInWords(share)}`;
  process.stderr.write(`${shown(other.file)}: ${on}\n`);
  return volume;
}

function pictureOf(as: View, first: Volume, second: Volume | undefined, flags: ViewFlags): Picture {
  const { window, otherWindow, frame, size, slices, letters } = flags;
  const shared = { ...(window && { window }) };
  if (as === 'histogram') return histogramPicture(first, second, shared);
  const both = { ...shared, ...(otherWindow && { otherWindow }) };
  if (as === 'joint') return jointHistogramPicture(first, second as Volume, both);
  const plane = flags.plane ?? (as === 'montage' ? 'axial' : 'all');
  const tiles: TileOptions = {
    ...(plane !== 'all' ? { planes: [plane] } : first.placed && { planes }),
    slices: slices ?? (plane === 'all' ? 3 : 12),
    ...(size !== undefined ? { sidePx: size } : plane !== 'all' && first.shape[0] > 1 && { sidePx: 192 }),
    ...(frame !== undefined && { frame }),
    ...(letters !== undefined && { letters }),
  };
  if (as === 'montage') return montage(first, { ...tiles, ...shared });
  const draw = { checkerboard, overlay, difference }[as];
  return draw(first, second as Volume, { ...tiles, ...both });
}
