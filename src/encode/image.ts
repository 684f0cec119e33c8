/**
 * An image to a token for each patch of it: a convolutional stem, the same at every place, whose stages halve the axes down
 * to a grid of patches (as Xiao et al. 2021, "Early convolutions help transformers see better"), then a projection of each
 * patch to a token, to which a learned vector of its own adds where it stands (Dosovitskiy et al. 2021, "An image is worth
 * 16x16 words", equation 1). Convolutions are of two axes where the depth is 1, else of three.
 *
 * A stage's kernel is twice as long as its step, so that what a patch sees is centred on it: a patch of 2^s voxels sees
 * 3 · 2^s − 2, itself and a neighbour's breadth around. Nothing is normed over the image, or every patch would see all of
 * it. Voxels that were not measured enter as 0; where there were any in
 * training, a channel beside says which.
 */
import { type Grid, voxelCount } from '../array/grid.ts';
import type { Block } from '../describe/cohort.ts';
import { convolution, dense } from '../engine/layer/dense.ts';
import { normal } from '../engine/layer/initializers.ts';
import { add, relu } from '../engine/ops/arithmetic.ts';
import { concat, mergeAxes, swapAxes } from '../engine/ops/layout.ts';
import { input, parameter, type Tensor } from '../engine/tensor.ts';
import { InputError } from '../errors.ts';
import type { Encoder, EncoderInput } from './encoder.ts';
import { patchesOf } from './image-patches.ts';
import { checkStages, planStages, type Stage } from './image-stages.ts';
import { checkCounts } from './measured.ts';

export interface ImageSpec {
  /** Of the modality; parameters and inputs are named after it. */
  readonly name: string;
  readonly channels: number;
  /** Voxels. */
  readonly shape: Grid['shape'];
  /** From voxel index to RAS mm, row-major `[4, 4]`. */
  readonly affine: readonly number[];
  /** Numbers in a token. */
  readonly width: number;
  /** Channels of the stages of the stem; the last goes for all that follow. Default 8, 16. */
  readonly stem?: readonly number[];
  /** The most patches, each a token; there are more than half as many where the image is large enough. Default 64. */
  readonly patches?: number;
  /** How the stem comes down to patches. Default: planned by `patches` (see `planStages`). */
  readonly stages?: readonly Stage[];
  /** Whether voxels were missing in training. Default true. */
  readonly holes?: boolean;
}

const mostPatches = 4096;
const mostChannels = 4096;

/** @throws InputError where a count is not one, and where the stages do not fit the image */
export function imageEncoder({ stem = [8, 16], patches = 64, holes = true, ...given }: ImageSpec): Encoder {
  const { name, channels, shape, width } = given;
  const where = `image ${name}`;
  checkCounts(where, { channels, width, patches, depth: shape[0], height: shape[1], 'image width': shape[2] });
  checkStem(where, stem);
  const grid: Grid = { shape, affine: checkedAffine(where, given.affine) };
  const stages = given.stages ?? planStages(grid, patches);
  checkStages(where, shape, stages);
  const all = patchesOf(grid, stages);
  if (all.length > mostPatches) {
    throw new InputError({ where, what: 'too many patches', expected: `${mostPatches} at most`, got: `${all.length}` });
  }
  const plane = shape[0] === 1;
  const lengths = plane ? shape.slice(1) : [...shape];
  const valuesName = `${name}/values`;
  const measuredName = `${name}/measured`;
  const own = [channels, ...lengths];
  const fed = (what: string, data: Float32Array, mask: boolean): EncoderInput => {
    return { name: what, shape: own, data, mask, columns: false };
  };
  return {
    spec: { kind: 'image', ...given, stem, patches, stages, holes } as unknown as Encoder['spec'],
    tokens: all.length,
    names: all.map((patch) => patch.name),
    places: all.map(({ place }) => place),
    learned: 0,
    encode() {
      const values = input(valuesName, ['batch', ...own]);
      const seen = holes ? concat([values, input(measuredName, ['batch', ...own])], 1) : values;
      const { made, from } = stemmed(seen, name, { stem, stages, plane });
      const byPatch = swapAxes(mergeAxes(made, 2, made.shape.length), 1, 2); // [batch, patches, channels]
      const where = parameter(`${name}/position`, [all.length, width], normal(1 / Math.sqrt(width)));
      return add(dense(`${name}/projection`, from, width)(byPatch), where);
    },
    inputs(block) {
      const { data, measured } = voxels(block, channels * voxelCount(grid), holes, where);
      const values = fed(valuesName, data, false);
      return measured ? [values, fed(measuredName, measured, true)] : [values];
    },
  };
}

interface Stem {
  readonly stem: readonly number[];
  readonly stages: readonly Stage[];
  readonly plane: boolean;
}

/** `[batch, channels, ...voxels]` to `[batch, from, ...patches]`. */
function stemmed(image: Tensor, name: string, { stem, stages, plane }: Stem) {
  let made = image;
  let from = image.shape[1] as number;
  stages.forEach((stage, s) => {
    const steps = plane ? stage.slice(1) : stage;
    const to = stem[Math.min(s, stem.length - 1)];
    const kernel = steps.map((step) => (step === 2 ? 4 : 1));
    const padding = steps.map((step) => step - 1);
    const layer = convolution(`${name}/stem ${s}`, from, to, kernel, { stride: steps, padding });
    made = relu(layer(made));
    from = to;
  });
  return { made, from };
}

/**
 * The voxels of all subjects as they are fed: the block's own array where that says 0 for all that was not measured.
 *
 * @returns also which were measured, where that is asked
 */
function voxels({ values, observed, present }: Block, columns: number, holes: boolean, where: string) {
  if (values.shape[1] !== columns) {
    const [expected, got] = [`${columns} voxels`, `${values.shape[1]}`];
    throw new InputError({ where, what: 'another image than in training', expected, got });
  }
  const plain = values.data instanceof Float32Array ? values.data : Float32Array.from(values.data);
  let data = plain; // [subjects, channels, ...voxels]
  for (let at = 0; at < plain.length; at++) {
    if (observed[at] || plain[at] === 0 || !present[Math.floor(at / columns)]) continue;
    if (data === plain && plain === values.data) data = Float32Array.from(plain);
    data[at] = 0;
  }
  return { data, measured: holes ? Float32Array.from(observed) : undefined };
}

function checkStem(where: string, stem: readonly number[]): void {
  const fine = Array.isArray(stem) && stem.length > 0;
  if (fine && stem.every((one) => Number.isInteger(one) && one > 0 && one <= mostChannels)) return;
  const expected = `channels of stages, 1 to ${mostChannels} each`;
  throw new InputError({ where, what: 'stem', expected, got: JSON.stringify(stem) ?? 'none' });
}

function checkedAffine(where: string, affine: readonly number[]): Float64Array {
  if (Array.isArray(affine) && affine.length === 16 && affine.every(Number.isFinite)) return Float64Array.from(affine);
  throw new InputError({ where, what: 'affine', expected: '16 finite numbers', got: JSON.stringify(affine) ?? 'none' });
}
