/**
 * Two scans of one head, and a lesion that only both together tell for sure.
 *
 * Each scan shows two bright spots. In class 1 one of them is at the same place in both: the lesion. In class 0 all four are
 * at different places. Four places, each at least so far from the others, are drawn for every subject; a scan shows two of
 * them, so that where the spots of one scan are says nothing. A lesion is brighter than another spot by `own`, which either
 * scan shows by itself.
 *
 * The second scan is of a head moved by `shiftMm` in a random direction, seen there anew (no voxel is resampled). For one
 * seed, worlds that differ in `shiftMm` alone differ in nothing else: train on one, test on the other.
 */
import { matrix } from '../array/matrix.ts';
import { deriveSeed, type Random, random } from '../array/random.ts';
import { type Cohort, cohort } from '../describe/cohort.ts';
import type { ImageLayout } from '../describe/modality.ts';
import type { ClassTarget } from '../describe/target.ts';
import { optionChecks } from './check-options.ts';
import { fullBlock } from './full-block.ts';
import { centredLayout, imageModality } from './image-modality.ts';
import { contrasts, drawHead, type PointMm, radiusOf, randomDirection, type Spot, shownAt } from './phantom-anatomy.ts';
import { balancedLabels, subjectIds } from './subjects.ts';

const { whole, between, refuse } = optionChecks('simulatePhantom');

export interface PhantomOptions {
  readonly subjects: number;
  readonly seed: number;
  /** Voxels. Default 1 x 32 x 32; of a depth above 1 the scans are 3-D. */
  readonly shape?: readonly [depth: number, height: number, width: number];
  readonly spacingMm?: number;
  /** How far the head has moved when the second scan is made. Default 0. */
  readonly shiftMm?: number;
  /** Height of a spot, in standard deviations of tissue. Default 4. */
  readonly contrast?: number;
  /** How much brighter a lesion is than another spot, as a share. Default 0.25. */
  readonly own?: number;
  /** Standard deviation of a spot's profile. Default 5. */
  readonly radiusMm?: number;
  /** Standard deviation of a voxel's noise, in those of tissue. Default 1. */
  readonly noise?: number;
}

export interface Phantom {
  /** Images `first` and `second` on one grid. */
  readonly cohort: Cohort;
  readonly target: ClassTarget;
  readonly truth: {
    /** The spots of each scan by subject where the head had not moved: x, y, z in millimetres, RAS. */
    readonly firstMm: Float64Array; // [subjects, spots, 3]
    readonly secondMm: Float64Array; // [subjects, spots, 3]
    /** From the head in the first scan to that in the second. */
    readonly movedMm: Float64Array; // [subjects, 3]
  };
}

const apart = 4; // radii between places, at least
const within = 0.8; // of the inner side of the skull
const tries = 10_000;

/** @throws InputError for an unknown option, a number out of its range, and an image too small for its spots */
export function simulatePhantom(options: PhantomOptions): Phantom {
  const {
    subjects,
    seed,
    shape = [1, 32, 32],
    spacingMm = 4,
    shiftMm = 0,
    contrast = 4,
    own = 0.25,
    radiusMm = 5,
    noise = 1,
    ...unknown
  } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulatePhantom', name);
  whole('subjects', subjects, 2);
  for (const many of shape) whole('shape', many, 1);
  for (const [name, value] of Object.entries({ spacingMm, radiusMm })) between(name, value, 1e-3, Infinity);
  for (const [name, value] of Object.entries({ shiftMm, contrast, own, noise })) between(name, value, 0, Infinity);

  const labels = balancedLabels(subjects, random(deriveSeed(seed, 'phantom', 'labels')));
  const layout = centredLayout(shape, spacingMm);
  const [depth, height, width] = shape;
  const solid = depth > 1;
  const extent: PointMm = [width * spacingMm, height * spacingMm, solid ? depth * spacingMm : 0];
  const scans = [0, 1].map(() => new Float32Array(subjects * depth * height * width)); // [subjects, voxels] each
  const [firstMm, secondMm] = [0, 1].map(() => new Float64Array(subjects * 6)); // [subjects, spots, 3]
  const movedMm = new Float64Array(subjects * 3); // [subjects, 3]
  for (let i = 0; i < subjects; i++) {
    const generator = random(deriveSeed(seed, 'phantom', i));
    const head = drawHead(extent, generator);
    const [a, b, c, d] = drawPlaces(head.half, apart * radiusMm, solid, generator);
    const lesion = labels[i] === 1;
    const spot = (centre: PointMm, bright = false): Spot => ({ centre, height: contrast * (bright ? 1 + own : 1) });
    const seen = [
      [spot(a, lesion), spot(b)],
      [spot(lesion ? a : c, lesion), spot(d)],
    ];
    firstMm.set(
      seen[0].flatMap(({ centre }) => centre),
      6 * i,
    );
    secondMm.set(
      seen[1].flatMap(({ centre }) => centre),
      6 * i,
    );
    const moved = randomDirection(solid, generator).map((along) => shiftMm * along || 0);
    movedMm.set(moved, 3 * i);
    [contrasts.first, contrasts.second].forEach((how, scan) => {
      const [x, y, z] = scan === 0 ? [0, 0, 0] : moved;
      const out = scans[scan].subarray(i * depth * height * width, (i + 1) * depth * height * width);
      eachVoxel(layout, (voxel, [right, front, up]) => {
        const shown = shownAt(head, how, seen[scan], radiusMm, [right - x, front - y, up - z]);
        out[voxel] = shown + noise * generator.normal();
      });
    });
  }
  const block = (name: string, data: Float32Array) =>
    fullBlock(imageModality(name, layout), matrix(subjects, depth * height * width, data as Float32Array<ArrayBuffer>));
  return {
    cohort: cohort(subjectIds(subjects), [block('first', scans[0]), block('second', scans[1])]),
    target: { kind: 'classes', name: 'class', classes: ['class0', 'class1'], labels },
    truth: { firstMm, secondMm, movedMm },
  };
}

/** Four places in the brain, each so far from the others. */
function drawPlaces(half: PointMm, distance: number, solid: boolean, generator: Random): PointMm[] {
  const places: PointMm[] = [];
  for (let tried = 0; places.length < 4; tried++) {
    if (tried > tries) refuse('radiusMm', 'no room for the spots', 'a smaller radius or a larger image', 'four places');
    if (tried % 100 === 99) places.length = 0; // what stands may leave no room
    const along = (axis: number) => within * half[axis] * (2 * generator.uniform() - 1);
    const place: PointMm = [along(0), along(1), solid ? along(2) : 0];
    if (radiusOf(half, place) > within) continue;
    const near = places.some((other) => Math.hypot(...other.map((at, axis) => at - place[axis])) < distance);
    if (!near) places.push(place);
  }
  return places;
}

/** Voxels in order with their places in millimetres. */
function eachVoxel(
  { shape: [depth, height, width], affine }: ImageLayout,
  visit: (voxel: number, at: PointMm) => void,
): void {
  let voxel = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        visit(voxel++, [affine[0] * i + affine[3], affine[5] * j + affine[7], affine[10] * k + affine[11]]);
      }
    }
  }
}
