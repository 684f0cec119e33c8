import { takeColumns } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';

/** Refuses a block whose features are not those that were fitted, naming what is missing. */
export function checkFeatures(block: Block, fitted: readonly string[], where: string): void {
  const names = block.modality.features.map((feature) => feature.name);
  if (names.length === fitted.length && names.every((name, j) => name === fitted[j])) return;
  const missing = fitted.filter((name) => !names.includes(name));
  const shown = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ', ...' : '');
  throw new InputError({
    where: `${where}: ${block.modality.name}`,
    what: `fitted on ${fitted.length} features`,
    got: `${names.length}${missing.length ? ` (missing: ${shown})` : ' (in another order)'}`,
  });
}

/** The observed values of one feature. */
export function observedValues({ values, observed }: Block, feature: number): Float64Array {
  const [rows, columns] = values.shape;
  const out = new Float64Array(rows);
  let n = 0;
  for (let i = 0; i < rows; i++) {
    const at = i * columns + feature;
    if (observed[at]) out[n++] = values.data[at];
  }
  return out.subarray(0, n);
}

/** The given features of a block, in the given order. Some of the voxels of an image are a table, no image any more. */
export function takeFeatures(block: Block, kept: readonly number[]): Block {
  const [rows, columns] = block.values.shape;
  const observed = new Uint8Array(rows * kept.length); // [subjects, features]
  for (let i = 0; i < rows; i++) {
    kept.forEach((j, to) => {
      observed[i * kept.length + to] = block.observed[i * columns + j];
    });
  }
  const features = kept.map((j) => block.modality.features[j]);
  const { image: _, ...modality } = block.modality;
  return { ...block, modality: { ...modality, features }, values: takeColumns(block.values, kept), observed };
}
