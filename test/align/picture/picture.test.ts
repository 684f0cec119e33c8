import { describe, expect, it } from 'vitest';
import { greyOf, greyWindow } from '../../../src/align/picture/grey-window.ts';
import { histogramOf, histogramPicture, jointHistogramPicture } from '../../../src/align/picture/histogram.ts';
import { montage } from '../../../src/align/picture/montage.ts';
import { checkerboard, difference, overlay } from '../../../src/align/picture/pair.ts';
import { cutOf, planes, scaledSlice, sliceOf } from '../../../src/align/picture/plane.ts';
import type { Volume, VolumeData } from '../../../src/read/image/volume.ts';
import { readImage } from '../../../src/read/image.ts';
import { writePng } from '../../../src/read/png/write-png.ts';

/** Millimetres: 2 x 3 x 4 voxels of 1 x 1 x 2 mm whose width leads to the left, height to the back, depth to the head. */
const lps = Float64Array.of(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1);

function volume(shape: [number, number, number], data: VolumeData, over: Partial<Volume> = {}): Volume {
  return {
    shape,
    affine: lps,
    data,
    frames: 1,
    channels: 1,
    dimensions: shape[0] === 1 ? 2 : 3,
    placed: true,
    stored: { format: 'test', type: 'float32', slope: 1, intercept: 0 },
    warnings: [],
    ...over,
  };
}

/** The same image with its axes led another way: every index reversed along `axes` (0 width, 1 height, 2 depth). */
function reversed(image: Volume, axes: readonly number[]): Volume {
  const [depth, height, width] = image.shape;
  const lengths = [width, height, depth];
  const affine = Float64Array.from(image.affine);
  for (const axis of axes) {
    for (const row of [0, 4, 8]) {
      affine[row + 3] += affine[row + axis] * (lengths[axis] - 1);
      affine[row + axis] *= -1;
    }
  }
  const data = image.data.slice();
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        const from = [i, j, k].map((index, axis) => (axes.includes(axis) ? lengths[axis] - 1 - index : index));
        data[at] = image.data[(from[2] * height + from[1]) * width + from[0]];
      }
    }
  }
  return { ...image, affine, data };
}

const numbered = volume(
  [4, 3, 2],
  Float32Array.from({ length: 24 }, (_, at) => at),
);

describe('planes of an image', () => {
  it('show the right on the left, the front or the head above, and the front on the left from the side', () => {
    const edges = planes.map((plane) => cutOf(numbered, plane).edges);
    expect(edges).toEqual([
      { left: 'R', right: 'L', top: 'A', bottom: 'P' },
      { left: 'R', right: 'L', top: 'S', bottom: 'I' },
      { left: 'A', right: 'P', top: 'S', bottom: 'I' },
    ]);
    // Width leads left and height back: an axial slice is seen as it is stored.
    expect([...sliceOf(numbered.data, numbered, cutOf(numbered, 'axial'), 1).data]).toEqual([6, 7, 8, 9, 10, 11]);
    // Coronal slices count from the back: the first is the last row of each plane, the head (last plane) above.
    expect([...sliceOf(numbered.data, numbered, cutOf(numbered, 'coronal'), 0).data]).toEqual([
      22, 23, 16, 17, 10, 11, 4, 5,
    ]);
    // Sagittal slices count from the left, the last voxel of a row here.
    expect([...sliceOf(numbered.data, numbered, cutOf(numbered, 'sagittal'), 0).data]).toEqual([
      19, 21, 23, 13, 15, 17, 7, 9, 11, 1, 3, 5,
    ]);
  });

  it.each([[[0]], [[1]], [[2]], [[0, 1, 2]]])(
    'look the same however the file lists its voxels: axes %j turned',
    (axes) => {
      const other = reversed(numbered, axes);
      for (const plane of planes) {
        const [a, b] = [cutOf(numbered, plane), cutOf(other, plane)];
        for (let slice = 0; slice < a.slices; slice++) {
          expect(sliceOf(other.data, other, b, slice)).toEqual(sliceOf(numbered.data, numbered, a, slice));
        }
      }
    },
  );

  it('of an image that does not say where it stands are as they are stored, without letters', () => {
    const flat = volume([1, 2, 3], Float32Array.of(1, 2, 3, 4, 5, 6), { placed: false });
    const cut = cutOf(flat, 'coronal');
    expect(cut.plane).toBe('axial');
    expect(cut.edges).toBeUndefined();
    expect([...sliceOf(flat.data, flat, cut, 0).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('of one slice are those in which it was taken', () => {
    const coronal = Float64Array.of(-1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1); // width left, height down, depth front
    const cut = cutOf(volume([1, 2, 2], Float32Array.of(1, 2, 3, 4), { affine: coronal }), 'axial');
    expect(cut).toMatchObject({ plane: 'coronal', slices: 1, edges: { left: 'R', top: 'S' } });
  });

  it('scale by area: a mean when smaller, the same pixel again when larger, and what is no number counts for nothing', () => {
    const slice = { width: 4, height: 1, data: Float64Array.of(1, 3, Number.NaN, 5) };
    expect([...scaledSlice(slice, 2, 1).data]).toEqual([2, 5]);
    expect([...scaledSlice({ width: 2, height: 1, data: Float64Array.of(1, 3) }, 4, 2).data]).toEqual([
      1, 1, 3, 3, 1, 1, 3, 3,
    ]);
    const three = scaledSlice({ width: 3, height: 1, data: Float64Array.of(0, 3, 6) }, 2, 1).data;
    expect(three[0]).toBeCloseTo(1, 12); // (0 + 3/2) / 1.5
    expect(three[1]).toBeCloseTo(5, 12);
  });
});

describe('the window of grey', () => {
  it('goes from the 1st to the 99th percentile of what is above the background', () => {
    const data = Float32Array.from({ length: 1101 }, (_, at) => (at < 1000 ? 0 : at - 1000));
    expect(greyWindow(volume([1, 1, 1101], data))).toEqual({ low: 2, high: 99 });
  });

  it('has a width also of an image that has none, or no number', () => {
    expect(greyWindow(volume([1, 1, 3], Float32Array.of(7, 7, 7)))).toEqual({ low: 6, high: 7 });
    expect(greyWindow(volume([1, 1, 3], Float32Array.of(0, 5, 5)))).toEqual({ low: 0, high: 5 });
    expect(greyWindow(volume([1, 1, 1], Float32Array.of(Number.NaN)))).toEqual({ low: 0, high: 1 });
  });

  it('is not moved by what is infinite, which is shown black or white', () => {
    const data = Float32Array.of(Number.NEGATIVE_INFINITY, 0, 1, 2, Number.POSITIVE_INFINITY, Number.NaN);
    const window = greyWindow(volume([1, 1, 6], data));
    expect(window).toEqual({ low: 1, high: 2 });
    expect([...greyOf(data, { low: 0, high: 2 })]).toEqual([0, 0, 128, 255, 255, 0]);
  });
});

describe('a montage', () => {
  const cube = volume(
    [10, 20, 20],
    Float32Array.from({ length: 4000 }, (_, at) => at % 7),
  );

  it('shows millimetres at their proportions', () => {
    const long = volume([2, 10, 10], new Float32Array(200).fill(1), {
      affine: Float64Array.of(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1),
    });
    const { width, height } = montage(long, { planes: ['coronal'], slices: 1, sidePx: 100 });
    expect([width, height]).toEqual([100, 100]); // 10 mm x 2 slices of 5 mm
  });

  it('has a row for each plane and evenly spaced slices', () => {
    const { width, height, channels } = montage(cube, { slices: 4, sidePx: 60 });
    expect({ width, height, channels }).toEqual({ width: 4 * 60 + 3 * 4, height: 3 * 60 + 2 * 4, channels: 1 });
    expect(montage(cube, { slices: 99, sidePx: 10, planes: ['axial'] }).data.length).toBeGreaterThan(10 * 100);
  });

  it('shows three channels of bytes in colour', async () => {
    const data = Uint8Array.of(255, 0, 0, 128, 10, 20); // [channels, width]
    const rgb = volume([1, 1, 2], data, { channels: 3, placed: false });
    const picture = montage(rgb, { sidePx: 8, letters: false });
    expect([picture.width, picture.height, picture.channels]).toEqual([8, 4, 3]);
    expect([...picture.data.subarray(0, 3)]).toEqual([255, 0, 10]);
    expect([...picture.data.subarray(21, 24)]).toEqual([0, 128, 20]);
    const back = await readImage(writePng(picture), { name: 'picture.png' });
    expect(back.channels).toBe(3);
    expect([...back.data].filter((_, at) => at % 32 === 0)).toEqual([255, 0, 10]);
  });

  it('marks where right, front, head are by letters, and is plain without', () => {
    const dark = volume([4, 50, 50], new Float32Array(10000), {});
    const options = { planes: ['axial'], slices: 1, sidePx: 50, window: { low: 0, high: 1 } } as const;
    expect(montage(dark, { ...options, letters: false }).data.some((grey) => grey > 0)).toBe(false);
    const { data, width } = montage(dark, options);
    const dots = (left: number, top: number) =>
      Array.from({ length: 7 }, (_, y) =>
        Array.from({ length: 5 }, (_, x) => (data[(top + y) * width + left + x] === 255 ? '#' : '.')).join(''),
      );
    expect(dots(2, 22)).toEqual(['####.', '#...#', '#...#', '####.', '#.#..', '#..#.', '#...#']); // R
    expect(dots(43, 22)).toEqual(['#....', '#....', '#....', '#....', '#....', '#....', '#####']); // L
  });

  it.each([
    [{ slices: 0 }, 'montage: slices: unusable, expected a whole number from 1 to 4096, got 0'],
    [{ sidePx: 2 }, 'montage: sidePx: unusable, expected a whole number from 8 to 4096, got 2'],
    [
      { planes: ['oblique' as 'axial'] },
      'montage: planes: unusable, expected one or more of axial, coronal, sagittal, got oblique',
    ],
    [{ frame: 1 }, 'montage: frame: there is none, expected a whole number below 1, got 1'],
    [{ channel: 2 }, 'montage: channel: there is none, expected a whole number below 1, got 2'],
    [{ window: { low: 3, high: 3 } }, 'montage: window: unusable, expected two numbers, the lower first, got 3, 3'],
  ])('refuses %j', (options, message) => {
    expect(() => montage(cube, options)).toThrow(message);
  });
});

describe('pictures of two images', () => {
  const ones = volume([1, 8, 8], new Float32Array(64).fill(1), { placed: false });
  const zeros = { ...ones, data: new Float32Array(64) };
  const options = { sidePx: 8, letters: false, window: { low: 0, high: 1 }, otherWindow: { low: 0, high: 1 } };

  it('in squares show one and the other in turn', () => {
    const { data } = checkerboard(ones, zeros, { ...options, squares: 4 });
    expect([...data.subarray(0, 8)]).toEqual([255, 255, 0, 0, 255, 255, 0, 0]);
    expect([...data.subarray(16, 24)]).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
  });

  it('over each other are green where the first is brighter, magenta where the second is, grey where neither', () => {
    expect([...overlay(ones, zeros, options).data.subarray(0, 3)]).toEqual([0, 255, 0]);
    expect([...overlay(zeros, ones, options).data.subarray(0, 3)]).toEqual([255, 0, 255]);
    expect([...overlay(ones, ones, options).data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('less each other are middle grey where they are equal', () => {
    expect(difference(ones, ones, options).data[0]).toBe(128);
    expect(difference(ones, zeros, options).data[0]).toBe(255);
    expect(difference(zeros, ones, options).data[0]).toBe(1);
  });

  it('are refused of squares that are none', () => {
    expect(() => checkerboard(ones, ones, { squares: 0 })).toThrow(
      'checkerboard: squares: unusable, expected a whole number from 1 to 4096, got 0',
    );
  });

  it('are refused where their grids differ, by how much', () => {
    const off = { ...ones, affine: Float64Array.from(lps) };
    off.affine[3] = 0.5;
    for (const picture of [checkerboard, overlay, difference, jointHistogramPicture]) {
      expect(() => picture(ones, off)).toThrow(/the second image: not on the grid of .*0\.500 mm away/);
    }
  });
});

describe('histograms', () => {
  it('count numbers between low and high, the upper end included', () => {
    const image = volume([1, 1, 6], Float32Array.of(-1, 0, 0.4, 1, 2, Number.NaN));
    expect([...histogramOf(image, { bins: 2, window: { low: 0, high: 1 } }).counts]).toEqual([2, 1]);
  });

  it('of whole numbers give each bin as many of them', () => {
    const image = volume(
      [1, 1, 300],
      Int16Array.from({ length: 300 }, (_, at) => at),
    );
    const { low, high, counts } = histogramOf(image, { window: { low: 0, high: 299 } });
    expect({ low, high, bins: counts.length }).toEqual({ low: -0.5, high: 299.5, bins: 100 });
    expect(new Set(counts)).toEqual(new Set([3]));
  });

  it('as pictures are high where values are frequent', () => {
    const data = Int16Array.from({ length: 100 }, (_, at) => (at < 10 ? 0 : at < 70 ? 3 : 9));
    const { width, data: pixels } = histogramPicture(volume([1, 1, 100], data), undefined, {
      window: { low: 0, high: 9 },
    });
    const heightAt = (bin: number) => {
      const x = 8 + bin * 51 + 20; // ten bins of 51 pixels
      let blue = 0;
      for (let y = 8; y < 264; y++) if (pixels[(y * width + x) * 3] === 66) blue++;
      return blue;
    };
    expect([0, 1, 3, 9].map(heightAt)).toEqual([43, 0, 256, 128]);
  });

  it('cut off a lone bin, so that the others are seen', () => {
    const data = Int16Array.from({ length: 1000 }, (_, at) => (at < 900 ? 4 : at < 960 ? 6 : 9));
    const { width, data: pixels } = histogramPicture(volume([1, 1, 1000], data), undefined, {
      window: { low: 0, high: 9 },
    });
    const blue = (bin: number) => {
      let high = 0;
      for (let y = 8; y < 264; y++) if (pixels[(y * width + 8 + bin * 51 + 20) * 3] === 66) high++;
      return high;
    };
    expect([4, 6, 9].map(blue)).toEqual([256, 213, 142]); // 60 and 40 of 72
  });

  it('of two images are bright where values meet', () => {
    const [a, b] = [Int16Array.of(0, 0, 1, 2), Int16Array.of(2, 2, 1, 0)];
    const window = { low: 0, high: 2 };
    const both = [a, b].map((data) => volume([1, 1, 4], data));
    const { width, height, data } = jointHistogramPicture(both[0], both[1], { window, otherWindow: window });
    const left = width - 8 - 384;
    const cell = (column: number, row: number) =>
      data[((height - 22 - row * 128 - 64) * width + left + column * 128 + 64) * 3];
    expect([cell(0, 2), cell(1, 1), cell(2, 0), cell(0, 0)]).toEqual([255, 161, 161, 0]);
  });
});
