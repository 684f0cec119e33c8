/** Made-up scans, what SciPy and its kin say of them, and blocks of images. */
import { identityAffine } from '../../../src/array/grid.ts';
import { matrix } from '../../../src/array/matrix.ts';
import { type Random, random } from '../../../src/array/random.ts';
import type { Block } from '../../../src/describe/cohort.ts';
import { imageFeatures, layoutOf } from '../../../src/describe/image-layout.ts';
import type { Scan } from '../../../src/harmonize/intensity/scan.ts';
import { type Voxels, voxelsThatCount } from '../../../src/harmonize/intensity/voxels.ts';
import { fixture } from '../../fixtures/fixture.ts';

const types = {
  uint8: Uint8Array,
  int16: Int16Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;
export type Type = keyof typeof types;

interface Typed {
  readonly type: Type;
}
type Peak = Readonly<
  Record<'last' | 'largest' | 'first', { readonly whiteStripe: [number, number, number] | null; readonly kde: number }>
>;
interface Pieces {
  readonly largest: number[];
  readonly filled: number[];
}

export const oracle = fixture<{
  readonly shape: [number, number, number];
  readonly scans: readonly (Typed & Peak & { readonly values: number[]; readonly zScore: [number, number] })[];
  readonly nyul: readonly {
    readonly percentiles: number[];
    readonly scale: number[];
    readonly everySeventh: number[][];
  }[];
  readonly matching: {
    readonly single: readonly (Typed & {
      readonly source: number[];
      readonly reference: number[];
      readonly matched: number[];
    })[];
    readonly channels: { readonly source: number[][]; readonly reference: number[][]; readonly matched: number[][] };
    readonly masked: Readonly<Record<'source' | 'mask' | 'reference' | 'matchedInMask', number[]>>;
  };
  readonly thresholds: readonly (Typed & { readonly values: number[]; readonly threshold: number })[];
  readonly pieces: readonly {
    readonly shape: [number, number, number];
    readonly mask: number[];
    readonly face: Pieces;
    readonly full: Pieces;
  }[];
}>('intensity');

export function typed(type: Type, values: readonly number[]): Scan['data'] {
  return types[type].from(values);
}

/** The scans that the oracle speaks of. */
export const oracleScans = (): Scan[] =>
  oracle.scans.map(({ type, values }) => ({ data: typed(type, values), shape: oracle.shape }));

export const run = { seed: 0 };

export const all = (values: Scan['data'] | readonly number[]): Voxels =>
  voxelsThatCount(
    { values: Array.isArray(values) ? Float64Array.from(values) : (values as Scan['data']), where: 'scan' },
    'all',
  );

/** Subjects with scans of 4 x 3 x 2 voxels in two channels: air, two tissues, noise, holes; some have no scan. */
export function imageBlock(subjects = 12, seed = 4): Block {
  const generator = random(seed);
  const image = layoutOf({ shape: [2, 3, 4], affine: identityAffine() }, 2);
  const columns = 48;
  const present = Uint8Array.from({ length: subjects }, (_, i) => (i % 5 === 4 ? 0 : 1));
  const observed = new Uint8Array(subjects * columns); // [subjects, voxels]
  const data = new Float64Array(subjects * columns); // [subjects, voxels]
  for (let at = 0; at < data.length; at++) {
    const row = Math.floor(at / columns);
    observed[at] = present[row] && generator.uniform() > 0.1 ? 1 : 0;
    if (observed[at]) data[at] = tissue(at % 24, generator) * (1 + row / 10) * (at % columns < 24 ? 1 : 40);
  }
  return {
    modality: {
      name: 'mri',
      features: imageFeatures(image, { scale: 'ratio', unit: 'mg' }),
      noise: 'unknown',
      constraint: 'none',
      sampling: { kind: 'once' },
      missingness: 'unknown',
      image,
    },
    values: matrix(subjects, columns, data),
    observed,
    present,
  };
}

function tissue(voxel: number, generator: Random): number {
  if (voxel % 4 === 0) return 0;
  return (voxel % 4 === 1 ? 50 : 90) + 4 * generator.normal();
}
