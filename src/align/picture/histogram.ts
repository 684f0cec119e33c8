/** How often values occur, and how often pairs of values do at the same places. */
import { InputError } from '../../errors.ts';
import type { Volume } from '../../read/image/volume.ts';
import { checkSameGrid } from '../space/same-grid.ts';
import { checkWindow, type GreyWindow, greyWindow } from './grey-window.ts';
import { letterHeight, textWidth, writeText } from './letters.ts';
import { blankPicture, type Colour, fillBox, type Picture } from './picture.ts';

export interface Histogram {
  readonly low: number;
  readonly high: number;
  /** Of bins of equal width from low to high; what is outside is in none. */
  readonly counts: Float64Array; // [bins]
}

/**
 * Of all frames and channels; numbers that are none are left out. Default: at most 128 bins over `greyWindow`. Bins of whole
 * numbers are a whole number wide, so that none holds more of them than another; `low` and `high` are then half a number out.
 */
export function histogramOf(
  volume: Volume,
  { bins = 128, window = greyWindow(volume) }: { readonly bins?: number; readonly window?: GreyWindow } = {},
): Histogram {
  checkWindow(window, 'histogramOf: window');
  if (!(Number.isInteger(bins) && bins > 0 && bins <= 4096)) {
    const expected = 'a whole number from 1 to 4096';
    throw new InputError({ where: 'histogramOf: bins', what: 'unusable', expected, got: String(bins) });
  }
  return counted(volume, binsOver(window, bins, isWhole(volume)));
}

interface Bins extends GreyWindow {
  readonly count: number;
}

function isWhole({ data }: Volume): boolean {
  return !(data instanceof Float32Array || data instanceof Float64Array);
}

function binsOver({ low, high }: GreyWindow, most: number, whole: boolean): Bins {
  if (!whole) return { low, high, count: most };
  const start = Math.floor(low) - 0.5;
  const numbers = Math.ceil(high) + 0.5 - start;
  const width = Math.ceil(numbers / most);
  const count = Math.ceil(numbers / width);
  return { low: start, high: start + count * width, count };
}

function counted({ data }: Volume, bins: Bins): Histogram {
  const counts = new Float64Array(bins.count);
  const binOf = binning(bins);
  for (let at = 0; at < data.length; at++) {
    const bin = binOf(data[at]);
    if (bin >= 0) counts[bin]++;
  }
  return { low: bins.low, high: bins.high, counts };
}

/** -1 outside; the upper end belongs to the last bin. */
function binning({ low, high, count }: Bins): (value: number) => number {
  const scale = count / (high - low);
  return (value) => (value >= low && value <= high ? Math.min(count - 1, Math.floor((value - low) * scale)) : -1);
}

const rim = { left: 8, right: 8, top: 8, bottom: 22 };
const ink = [40, 40, 40] as const;

const colours = [
  [66, 105, 208],
  [239, 118, 34],
] as const;

/**
 * Bars of one image, or outlines of two over each other: the first in blue, the second in orange, each in shares of its own
 * numbers. A lone bin three times as high as any other, as of a background, is cut off at the top.
 *
 * @throws InputError where the window has no width
 */
export function histogramPicture(
  volume: Volume,
  other?: Volume,
  options: { readonly window?: GreyWindow } = {},
): Picture {
  const all = [volume, ...(other ? [other] : [])];
  const windows = all.map((one) => greyWindow(one));
  const low = Math.min(...windows.map((one) => one.low));
  const { window = { low, high: Math.max(...windows.map((one) => one.high)) } } = options;
  checkWindow(window, 'histogramPicture: window');
  const bins = binsOver(window, 128, all.some(isWhole));
  const shares = all.map((one) => {
    const { counts } = counted(one, bins);
    const sum = counts.reduce((a, b) => a + b, 0);
    return counts.map((count) => (sum > 0 ? count / sum : 0));
  });
  const bar = Math.max(1, Math.floor(512 / bins.count));
  const [wide, high] = [bar * bins.count, 256];
  const picture = blankPicture(wide + rim.left + rim.right, high + rim.top + rim.bottom, 3, 255);
  const top = Math.max(...shares.map(heightOf)) || 1;
  const draw = other ? outline : bars;
  shares.forEach((own, which) => {
    const heights = Array.from(own, (share) => Math.round(Math.min(1, share / top) * high));
    draw(picture, heights, [rim.left, rim.top + high, bar], colours[which]);
  });
  axis(picture, bins, [rim.left, rim.top + high, wide]);
  return picture;
}

function heightOf(shares: Float64Array): number {
  const [highest, second = 0] = Array.from(shares).sort((a, b) => b - a);
  return second > 0 && highest > 3 * second ? 1.2 * second : highest;
}

type Base = readonly [left: number, bottom: number, bar: number];

function bars(picture: Picture, heights: readonly number[], [left, bottom, bar]: Base, colour: Colour): void {
  const wide = Math.max(1, bar - 1);
  heights.forEach((height, bin) => {
    fillBox(picture, [left + bin * bar, bottom - height, wide, height], colour);
  });
}

function outline(picture: Picture, heights: readonly number[], [left, bottom, bar]: Base, colour: Colour): void {
  heights.forEach((height, bin) => {
    const before = bin > 0 ? heights[bin - 1] : 0;
    const [least, most] = [Math.min(before, height), Math.max(before, height)];
    fillBox(picture, [left + bin * bar, bottom - height, bar, 2], colour);
    fillBox(picture, [left + bin * bar, bottom - most, 2, most - least + 2], colour);
  });
}

/** A line with numbers at its ends and in the middle. */
function axis(picture: Picture, { low, high }: GreyWindow, [left, top, wide]: readonly [number, number, number]): void {
  fillBox(picture, [left, top, wide, 1], ink);
  for (const share of [0, 0.5, 1]) {
    const text = short(low + share * (high - low), high - low);
    const at = left + Math.round(share * (wide - 1));
    fillBox(picture, [at, top, 1, 4], ink);
    const start = Math.round(at - share * textWidth(text));
    writeText(picture, text, start, top + 8, { seam: false, grey: ink[0] });
  }
}

/** To a thousandth of what the axis spans. */
function short(value: number, span: number): string {
  const step = 10 ** Math.floor(Math.log10(span / 1000));
  return String(Number((Math.round(value / step) * step).toPrecision(5)));
}

/**
 * How often a value of the first image (to the right) meets one of the second (upward) at the same voxel: the brighter the more
 * often, by the logarithm. Aligned images show lines and spots, others clouds.
 *
 * @throws InputError where the images are not on one grid or differ in channels or frames
 */
export function jointHistogramPicture(
  first: Volume,
  second: Volume,
  options: { readonly window?: GreyWindow; readonly otherWindow?: GreyWindow } = {},
): Picture {
  const where = 'jointHistogramPicture';
  checkSameGrid([
    { grid: first, name: `${where}: the first image` },
    { grid: second, name: `${where}: the second image` },
  ]);
  if (first.data.length !== second.data.length) {
    const got = `${first.frames * first.channels} and ${second.frames * second.channels}`;
    throw new InputError({ where, what: 'images of different frames or channels', expected: 'as many in both', got });
  }
  const { window = greyWindow(first), otherWindow = greyWindow(second) } = options;
  checkWindow(window, `${where}: window`);
  checkWindow(otherWindow, `${where}: otherWindow`);
  const columns = binsOver(window, 128, isWhole(first));
  const rows = binsOver(otherWindow, 128, isWhole(second));
  const counts = new Float64Array(rows.count * columns.count); // [of the second, of the first]
  const [a, b] = [binning(columns), binning(rows)];
  for (let at = 0; at < first.data.length; at++) {
    const [column, row] = [a(first.data[at]), b(second.data[at])];
    if (column >= 0 && row >= 0) counts[row * columns.count + column]++;
  }
  const most = Math.log1p(counts.reduce((x, y) => Math.max(x, y), 0)) || 1;
  const span = rows.high - rows.low;
  const ends = [rows.high, rows.low].map((end) => short(end, span));
  const left = 14 + Math.max(...ends.map((end) => textWidth(end)));
  const [broad, tall] = [columns, rows].map(({ count }) => Math.max(3, Math.round(384 / count)));
  const [wide, high] = [broad * columns.count, tall * rows.count];
  const picture = blankPicture(left + wide + rim.right, rim.top + high + rim.bottom, 3, 255);
  for (let row = 0; row < rows.count; row++) {
    for (let column = 0; column < columns.count; column++) {
      const grey = Math.round((255 * Math.log1p(counts[row * columns.count + column])) / most);
      const top = rim.top + (rows.count - 1 - row) * tall;
      fillBox(picture, [left + column * broad, top, broad, tall], [grey, grey, grey]);
    }
  }
  axis(picture, columns, [left, rim.top + high, wide]);
  ends.forEach((text, end) => {
    const top = end === 0 ? rim.top : rim.top + high - letterHeight;
    writeText(picture, text, left - 6 - textWidth(text), top, { seam: false, grey: ink[0] });
  });
  return picture;
}
