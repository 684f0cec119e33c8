import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reorient } from '../../../src/align/space/reorient.ts';
import { axisLetters, type Grid, transformPoint } from '../../../src/array/grid.ts';
import type { Volume } from '../../../src/read/image/volume.ts';

/** 2 x 3 x 4 voxels of two frames, numbered; axes lead to the back, the head and, obliquely, the left. */
const oblique: Volume = {
  shape: [4, 3, 2],
  affine: Float64Array.of(0.1, 0, -3, 10, -2, 0.2, 0, 20, 0, 1.5, 0.3, 30, 0, 0, 0, 1),
  data: Uint8Array.from({ length: 48 }, (_, at) => at),
  frames: 2,
  channels: 1,
  dimensions: 3,
  placed: true,
  stored: { format: 'made', type: 'uint8', slope: 1, intercept: 0 },
  warnings: [],
};

/** Where each value of the first and second frame stands. */
function places({ shape: [depth, height, width], affine, data }: Grid & Pick<Volume, 'data'>): Map<number, string> {
  const size = depth * height * width;
  return new Map(
    Array.from(data, (value, at) => {
      const [i, j, k] = [
        at % width,
        Math.floor((at % size) / width) % height,
        Math.floor((at % size) / (width * height)),
      ];
      return [
        value,
        transformPoint(affine, i, j, k)
          .map((mm) => mm.toFixed(9))
          .join(' '),
      ];
    }),
  );
}

const directions = fc.shuffledSubarray(['RL', 'AP', 'SI'], { minLength: 3 });
const axes = fc.tuple(directions, fc.array(fc.nat(1), { minLength: 3, maxLength: 3 }));

describe('reorienting', () => {
  it('lists voxels along the axes that are asked for, and moves none', () => {
    fc.assert(
      fc.property(axes, ([pairs, ends]) => {
        const wanted = pairs.map((pair, at) => pair[ends[at]]).join('');
        const other = reorient(oblique, wanted);
        expect(axisLetters(other.affine)).toBe(wanted);
        expect(places(other)).toEqual(places(oblique));
        expect(reorient(other, 'PSL')).toEqual(oblique);
      }),
    );
  });

  it('leads right, front and head unless told otherwise', () => {
    const { shape, affine, data } = reorient(oblique);
    expect(axisLetters(affine)).toBe('RAS');
    expect(shape).toEqual([3, 2, 4]);
    expect(Array.from(data.subarray(0, 4))).toEqual([19, 13, 7, 1]); // from the left on, at the back and the feet
  });

  it('keeps a picture one where its slice stays one, and calls it a volume where not', () => {
    const picture: Volume = { ...oblique, shape: [1, 4, 3], frames: 4, dimensions: 2 };
    expect(reorient(picture, 'ASR')).toMatchObject({ shape: [1, 4, 3], dimensions: 2 });
    expect(reorient(picture, 'RAS')).toMatchObject({ shape: [4, 3, 1], dimensions: 3 });
  });

  it('needs an image that says where it stands, and a letter of each direction', () => {
    expect(() => reorient({ ...oblique, placed: false })).toThrow('reorient: does not say where it stands');
    for (const wrong of ['RAL', 'RA', 'RASS', 'xyz']) {
      expect(() => reorient(oblique, wrong)).toThrow(`reorient: axes: unusable, expected three letters`);
    }
  });
});
