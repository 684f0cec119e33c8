/**
 * TIFF and BigTIFF: one image, or a stack of equal ones. Read here and not by the `tiff` package, which takes signed numbers for
 * unsigned, mistakes tiles of several samples, has no PackBits, and follows directories in a circle for ever.
 */
import { identityAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedSizes } from '../image/place.ts';
import type { ImageSource, OpenedImage } from '../image/source.ts';
import type { StoredType, VolumeData, VolumeWarning } from '../image/volume.ts';
import { emptyValues, isStoredType } from '../image/voxels.ts';
import { type TiffDirectory, tiffFile } from './directory.ts';
import { partValues, type TiffForm, type TiffPart, tiffParts } from './pixels.ts';
import { type StackShape, stackShape } from './stack.ts';

interface Page {
  readonly form: TiffForm;
  readonly parts: readonly TiffPart[];
  readonly photometric: number;
  readonly palette: readonly number[] | undefined;
}

export async function openTiff({ bytes, name }: ImageSource): Promise<OpenedImage> {
  const { bigEndian, directories } = tiffFile(bytes, name);
  const warnings: VolumeWarning[] = [];
  const whole = directories.filter((directory) => ((directory.numbers(254)[0] ?? 0) & 1) === 0);
  if (whole.length < directories.length) {
    const message = `${name}: ${directories.length - whole.length} smaller copies in it are not read`;
    warnings.push({ code: 'reduced-images', message });
  }
  if (whole.length === 0) throw new InputError({ where: name, what: 'no image in its TIFF but smaller copies' });
  const pages = whole.map((directory) => pageOf(directory, bytes.length, name));
  checkPages(pages, bytes.length, name);
  const [{ form, photometric, palette }] = pages;
  warnings.push(...oddities(whole[0], photometric, name));
  const grey = palette?.every((value, i) => value === palette[i % (palette.length / 3)]);
  const stack = stackShape(whole[0].text(270), pages.length, name);
  const colours = palette ? (grey ? 1 : 3) : form.samples;
  return {
    header: {
      shape: [stack.depth, form.height, form.width],
      affine: identityAffine(),
      placed: false,
      frames: stack.frames,
      channels: stack.channels * colours,
      dimensions: stack.depth > 1 ? 3 : 2,
      stored: { format: 'TIFF', type: form.bits === 1 && !palette ? 'bit' : form.type, slope: 1, intercept: 0 },
      warnings,
    },
    data: () => stacked(bytes, pages, bigEndian, stack, colours, name),
  };
}

function pageOf(directory: TiffDirectory, length: number, where: string): Page {
  const one = (tag: number, fallback: number) => directory.numbers(tag)[0] ?? fallback;
  const [width, height, samples] = [one(256, 0), one(257, 0), one(277, 1)];
  checkedSizes([width, height, samples], where, 'image');
  if (samples > 1024) throw new InputError({ where, what: 'too many samples in its TIFF', got: `${samples}` });
  const depths = directory.numbers(258, samples);
  const formats = directory.numbers(339, samples);
  const bits = depths[0] ?? 1;
  const photometric = one(262, 1);
  const compression = one(259, 1);
  const predictor = one(317, 1);
  const type = typeOf(bits, formats[0] ?? 1);
  const refuse = (what: string, expected: string, got: string | number) => {
    throw new InputError({ where, what, expected, got: `${got}` });
  };
  if (!type || depths.some((each) => each !== bits) || formats.some((each) => each !== (formats[0] ?? 1))) {
    refuse(
      'its samples cannot be read',
      'whole numbers of 1, 2, 4, 8 to 16, 32 or 64 bits, or floats',
      `${depths} bits, format ${formats}`,
    );
  }
  if (![1, 5, 7, 8, 32946, 32773].includes(compression)) {
    refuse('its compression cannot be read', 'none, LZW, Deflate, PackBits or JPEG', compression);
  }
  const isJpeg = compression === 7;
  const planar = samples > 1 && one(284, 1) === 2;
  if (isJpeg && (bits !== 8 || type !== 'uint8' || photometric === 3 || !(samples === 1 || samples === 3 || planar))) {
    refuse('its JPEG cannot be read', '1 or 3 samples of 8 bits', `${samples} of ${bits}, photometric ${photometric}`);
  }
  const chrominance = isJpeg && photometric === 6 && samples === 3 && !planar;
  if (photometric > 3 && !chrominance)
    refuse('its colours cannot be read', 'grey, RGB or palette', `photometric ${photometric}`);
  if (one(266, 1) !== 1) refuse('its bits stand backwards', 'FillOrder 1', one(266, 1));
  const float = type === 'float32' || type === 'float64';
  const predicts = ![1, 7, 32773].includes(compression);
  if (
    predicts &&
    !(predictor === 1 || (predictor === 2 && !float && [8, 16, 32].includes(bits)) || (predictor === 3 && float))
  ) {
    refuse('its predictor cannot be read', '1, 2 of whole numbers, 3 of floats', predictor);
  }
  const palette = photometric === 3 ? directory.numbers(320, 3 * 2 ** bits).map((value) => value >> 8) : undefined;
  if (palette && (bits > 8 || samples > 1 || palette.length !== 3 * 2 ** bits)) {
    refuse('its palette cannot be read', `3 x ${2 ** bits} numbers`, palette.length);
  }
  const form = {
    ...{ width, height, samples, bits, type: type!, compression, predictor: predicts ? predictor : 1, planar },
    ...(isJpeg && { jpeg: { tables: tablesOf(directory), chrominance } }),
  };
  return { form, parts: tiffParts(directory, form, length, where), photometric, palette };
}

/** Longer tables than these are none. */
const longestTables = 2 ** 16;

function tablesOf(directory: TiffDirectory): Uint8Array | undefined {
  const bytes = directory.numbers(347, longestTables);
  return bytes.length > 0 ? Uint8Array.from(bytes) : undefined;
}

function typeOf(bits: number, format: number): StoredType | undefined {
  if (bits > 8 && bits < 16) return format === 1 || format === 4 ? 'uint16' : undefined;
  if (bits === 16 && format === 3) return 'float32';
  if ([1, 2, 4].includes(bits)) return format === 1 ? 'uint8' : undefined;
  const kind = { 1: 'uint', 2: 'int', 3: 'float', 4: 'uint' }[format];
  const name = `${kind}${bits}`;
  return isStoredType(name) ? name : undefined;
}

/** One stack is of one kind; and no bytes are unpacked twice, by which a small file could make a large image. */
function checkPages(pages: readonly Page[], length: number, where: string): void {
  const kind = ({ form, photometric }: Page) => {
    const { width, height, samples, type, bits } = form;
    return `${width} x ${height} of ${samples} ${bits % 8 > 0 ? `${bits}-bit` : type} samples, photometric ${photometric}`;
  };
  const other = pages.find((page) => kind(page) !== kind(pages[0]));
  if (other) throw new InputError({ where, what: 'its pages differ', expected: kind(pages[0]), got: kind(other) });
  const stored = pages.reduce((sum, { parts }) => sum + parts.reduce((each, part) => each + part.size, 0), 0);
  if (stored <= length) return;
  const expected = `at most ${length} bytes in its strips`;
  throw new InputError({ where, what: 'its strips use the same bytes', expected, got: `${stored}` });
}

function oddities(directory: TiffDirectory, photometric: number, where: string): VolumeWarning[] {
  const warnings: VolumeWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message: `${where}: ${message}` });
  if (photometric === 0) warn('white-is-zero', 'its numbers are darker the larger they are; they are kept as they are');
  const orientation = directory.numbers(274)[0] ?? 1;
  if (orientation !== 1) warn('orientation', `orientation ${orientation} of its rows and columns is not applied`);
  const extra = directory.numbers(338, 8);
  if (extra.some((kind) => kind === 1 || kind === 2)) warn('alpha', 'its last channel is opacity');
  return warnings;
}

async function stacked(
  bytes: Uint8Array,
  pages: readonly Page[],
  bigEndian: boolean,
  stack: StackShape,
  colours: number,
  where: string,
): Promise<VolumeData> {
  const [{ form }] = pages;
  const decoded: VolumeData[][] = [];
  for (const page of pages) {
    const values: VolumeData[] = [];
    for (const part of page.parts) values.push(await partValues(bytes, part, page.form, bigEndian, where));
    decoded.push(values);
  }
  const plane = form.width * form.height;
  const out = emptyValues(form.type, pages.length * colours * plane); // [frames, channels, depth, height, width]
  pages.forEach((page, p) => {
    const { frame, channel, slice } = stack.placeOf(p);
    const start = (c: number) =>
      ((frame * stack.channels * colours + channel * colours + c) * stack.depth + slice) * plane;
    page.parts.forEach((part, i) => place(out, start, decoded[p][i], part, page, colours));
  });
  return out;
}

function place(
  out: VolumeData,
  start: (channel: number) => number,
  values: VolumeData,
  part: TiffPart,
  { form, palette }: Page,
  colours: number,
): void {
  const [right, bottom] = [Math.min(part.width, form.width - part.x), Math.min(part.height, form.height - part.y)];
  for (let c = 0; c < (palette ? colours : part.samples); c++) {
    const base = start(palette ? c : part.sample + c);
    const table = palette?.slice((c * palette.length) / 3, ((c + 1) * palette.length) / 3);
    for (let y = 0; y < bottom; y++) {
      let to = base + (part.y + y) * form.width + part.x;
      let from = y * part.width * part.samples + (palette ? 0 : c);
      for (let x = 0; x < right; x++, from += part.samples) out[to++] = table ? table[values[from]] : values[from];
    }
  }
}
