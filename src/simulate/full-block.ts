import type { Matrix } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import type { Modality } from '../describe/modality.ts';

/** A modality that every subject has, with every value measured. */
export function fullBlock(modality: Modality, values: Matrix<Float32Array>): Block {
  const [subjects] = values.shape;
  return {
    modality,
    values,
    observed: new Uint8Array(values.data.length).fill(1),
    present: new Uint8Array(subjects).fill(1),
  };
}
