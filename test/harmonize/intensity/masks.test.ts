import { describe, expect, it } from 'vitest';
import { connectivities, fillHoles, largestComponent } from '../../../src/harmonize/intensity/components.ts';
import { foregroundMask } from '../../../src/harmonize/intensity/foreground.ts';
import { headMask } from '../../../src/harmonize/intensity/head-mask.ts';
import { otsuThreshold } from '../../../src/harmonize/intensity/otsu.ts';
import { oracle, typed } from './small-scans.ts';

describe('Otsu’s threshold', () => {
  it('is that of scikit-image, of integers and of values with fractions', () => {
    for (const { type, values, threshold } of oracle.thresholds) {
      expect(otsuThreshold({ values: typed(type, values) }), type).toBeCloseTo(threshold, 4);
    }
  });

  it('passes over NaN, infinities and what was not measured, and is the value of a constant scan', () => {
    const values = Float32Array.of(Number.NaN, 1, 1, Number.POSITIVE_INFINITY, 9, 9, 500);
    const observed = Uint8Array.of(1, 1, 1, 1, 1, 1, 0);
    const threshold = otsuThreshold({ values, observed });
    expect(threshold).toBeGreaterThanOrEqual(1);
    expect(threshold).toBeLessThan(9);
    expect(otsuThreshold({ values: Int16Array.of(-4, -4) })).toBe(-4);
    expect(otsuThreshold({ values: Float64Array.of(2.5, 2.5) })).toBe(2.5);
  });
});

describe('the largest connected piece, and its holes', () => {
  it('are those of SciPy in two and three axes, by faces and in full', () => {
    for (const { shape, mask, ...by } of oracle.pieces) {
      for (const connectivity of connectivities) {
        const largest = largestComponent(Uint8Array.from(mask), shape, connectivity);
        expect(Array.from(largest), connectivity).toEqual(by[connectivity].largest);
        expect(Array.from(fillHoles(largest, shape)), connectivity).toEqual(by[connectivity].filled);
      }
    }
    expect(oracle.pieces.some(({ face }) => face.largest.join() !== face.filled.join())).toBe(true);
  });

  it('of a mask without voxels are none', () => {
    expect([...largestComponent(new Uint8Array(6), [1, 2, 3], 'face')]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

const picture = (rows: readonly string[]) => ({
  data: Uint8Array.from(rows.join(''), (sign) => (sign === '#' ? 200 : sign === '+' ? 20 : 3)),
  shape: [1, rows.length, rows[0].length] as const,
});

describe('masks of scans', () => {
  it('a head is the largest bright piece with what it encloses, without specks and noise', () => {
    const scan = picture(['......#', '.####..', '.#++#..', '.####+.', '.......']);
    const expected = ['.......', '.####..', '.####..', '.####..', '.......'];
    expect([...headMask(scan)]).toEqual([...expected.join('')].map((sign) => (sign === '#' ? 1 : 0)));
  });

  it('a brain in its scalp is one head, in three axes also where the gap between them is open below', () => {
    const slice = ['.......', '.#####.', '.#+++#.', '.#+#+#.', '.#+++#.', '.#####.', '.......'];
    const head = ['.......', '.#####.', '.#####.', '.#####.', '.#####.', '.#####.', '.......'];
    const inside = [...head.join('')].map((sign) => (sign === '#' ? 1 : 0));
    const { data, shape } = picture(slice);
    expect([...headMask({ data, shape })]).toEqual(inside);
    const volume = { data: Uint8Array.from([...data, ...data, ...data.map(() => 3)]), shape: [3, 7, 7] as const };
    expect([...headMask(volume)]).toEqual([...inside, ...inside, ...inside.map(() => 0)]);
  });

  it('pieces that touch at corners are one in full, and two by faces', () => {
    const scan = picture(['##..', '##..', '..#.', '....']);
    expect(headMask(scan).filter(Boolean)).toHaveLength(4);
    expect(headMask(scan, { connectivity: 'full' }).filter(Boolean)).toHaveLength(5);
  });

  it('a foreground follows its rule, channel by channel, within the scan’s own mask', () => {
    const scan = { data: Float32Array.of(-5, 0, 3, 4, 100, 110, 900, 920), channels: 2 };
    expect([...foregroundMask(scan)]).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
    expect([...foregroundMask(scan, 'otsu')]).toEqual([0, 1, 1, 1, 0, 0, 1, 1]);
    expect([...foregroundMask({ ...scan, mask: Uint8Array.of(1, 1, 1, 0) }, 'all')]).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
    expect([...foregroundMask({ ...scan, mask: Uint8Array.of(1, 1, 1, 0) })]).toEqual([0, 0, 1, 0, 1, 1, 1, 0]);
  });

  it('a head without a shape is refused', () => {
    expect(() => headMask({ data: Uint8Array.of(1, 2) })).toThrow(
      'headMask: no shape, expected [depth, height, width]: a head hangs together',
    );
  });
});
