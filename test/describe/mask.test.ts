import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { cohort, withOnly } from '../../src/describe/cohort.ts';
import { modality } from '../contract/cohorts.ts';

describe('a modality masked on purpose', () => {
  it('keeps its element type, so that what is filled in for large numbers stays exact', () => {
    const values = matrix(2, 1, Float64Array.of(1.7e12, 1.7e12 + 1));
    const block = {
      modality: modality('clock', [{ name: 't', scale: 'interval' }]),
      values,
      observed: Uint8Array.of(1, 1),
      present: Uint8Array.of(1, 1),
    };
    const [masked] = withOnly(cohort(['a', 'b'], [block]), []).blocks;
    expect(masked.values.data).toBeInstanceOf(Float64Array);
    expect([...masked.present, ...masked.observed]).toEqual([0, 0, 0, 0]);
  });
});
