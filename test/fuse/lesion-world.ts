/** Fusions that learn from 3,000 subjects of `simulateLesionPathways` and are judged by 1,000 others. */
import { deriveSeed, permutation, random } from '../../src/array/random.ts';
import { takeSubjects } from '../../src/describe/cohort.ts';
import { takeTarget } from '../../src/describe/target.ts';
import type { Conversation } from '../../src/fuse/conversation.ts';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import type { Running } from '../../src/fuse/intermediate/runtime.ts';
import type { ClassPrediction, FittedFusion, Reader } from '../../src/fuse/prediction.ts';
import { type LesionPathwaysOptions, simulateLesionPathways } from '../../src/simulate/lesion-pathways.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';

export const taught = 3000;
export const judged = 1000;

const [height, width] = [16, 16];
const cell = 8; // voxels of a place along both axes

/** A plain lesion and loud genes: an interplay is learned late, and not at all where images are mostly noise. */
export const world = {
  shape: [1, height, width],
  places: [1, 2, 2],
  contrast: 8,
  noise: 0.5,
  pathways: 12,
  genesPerPathway: 4,
  otherGenes: 0,
  depth: 50,
  loading: 1.5,
  dispersion: 10,
} as const satisfies Partial<LesionPathwaysOptions>;

/** With the default decay of weights few networks leave the start in this world. Epochs are chosen on two inner folds. */
const options = {
  patches: 4,
  dropout: 0,
  modalityDropout: 0,
  auxiliary: 0,
  weightDecay: 0.2,
  members: 2,
  epochs: 20,
  patience: 10,
} as const;

export function lesionWorld(seed: number) {
  const { cohort, target, truth } = simulateLesionPathways({ subjects: taught + judged, seed, ...world });
  const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
  const [first, others] = [rows(0, taught), rows(taught, taught + judged)];
  const [x, own, test] = [takeSubjects(cohort, first), takeTarget(target, first), takeSubjects(cohort, others)];
  const { labels } = takeTarget(target, others);

  const fitOn = async (running: Running, trained = own) => {
    const inner = stratifiedFolds(trained.labels, { folds: 2, seed });
    const fitted = await intermediate(options, running).fit(x, trained, { seed, inner });
    const { probability } = (await fitted.apply(test)) as ClassPrediction;
    return { fitted, event: Float64Array.from(labels, (_, i) => probability.data[2 * i + 1]) };
  };
  const permuted = () => {
    const order = permutation(taught, random(deriveSeed(seed, 'permuted labels')));
    return { ...own, labels: own.labels.map((_, i) => own.labels[order[i]]) };
  };
  return { seed, truth, others, test, labels, fitOn, permuted };
}

export type LesionWorld = ReturnType<typeof lesionWorld>;

/** Whether a voxel is of the cell, which is also the patch, around this centre. */
export const sameCell = (centre: ArrayLike<number>, voxel: number) =>
  Math.floor((voxel % width) / cell) === Math.floor(centre[0] / cell) &&
  Math.floor(voxel / width / cell) === Math.floor(centre[1] / cell);

/**
 * Of how many of the judged attention points at the pathway that decides, of all pathways: that from which the patch of the
 * lesion takes most, and that from which all patches together do. (With few patches each sees the whole image, and any of
 * them may ask.)
 */
export function pointsAtActive(conversation: Conversation, { truth, others }: LesionWorld) {
  const { tokens, attention } = conversation;
  const many = tokens.length;
  const pathways = [...tokens.keys()].filter((t) => tokens[t].modality === 'genes');
  const patches = [...tokens.keys()].filter((t) => tokens[t].modality === 'image');
  const found = { patch: 0, image: 0 };
  others.forEach((row, i) => {
    const [x, y] = truth.centre.subarray(3 * row, 3 * row + 3);
    const name = `patch ${Math.floor((2 * x) / width)},${Math.floor((2 * y) / height)},0`;
    const lesion = patches.filter((t) => tokens[t].name === name);
    for (const [who, asking] of [
      ['patch', lesion],
      ['image', patches],
    ] as const) {
      const taken = (t: number) => asking.reduce((sum, q) => sum + attention[(i * many + q) * many + t], 0);
      const most = pathways.reduce((best, t) => (taken(t) > taken(best) ? t : best));
      if (tokens[most].name === `pathway${truth.active[row] + 1}`) found[who]++;
    }
  });
  return { patch: found.patch / others.length, image: found.image / others.length };
}

/** Of how many of the first `some` judged the log-odds move most, of all pathways hidden one by one, with the one that decides. */
export async function moveWithActive(
  fitted: FittedFusion,
  { tokens }: Conversation,
  { truth, others, test }: LesionWorld,
  some: number,
): Promise<number> {
  const reader = fitted.reader as Reader;
  const x = takeSubjects(
    test,
    Int32Array.from({ length: some }, (_, i) => i),
  );
  const many = tokens.length;
  const oddsWithout = async (hidden: Uint8Array) => {
    const { data } = await reader.without(x, hidden);
    return Float64Array.from({ length: some }, (_, i) => Math.log(data[2 * i + 1] / data[2 * i]));
  };
  const all = await oddsWithout(new Uint8Array(some * many));
  const most = new Float64Array(some);
  const found: string[] = [];
  for (const [t, { modality, name }] of tokens.entries()) {
    if (modality !== 'genes') continue;
    const hidden = Uint8Array.from({ length: some * many }, (_, at) => Number(at % many === t));
    const without = await oddsWithout(hidden);
    for (let i = 0; i < some; i++) {
      const moved = Math.abs(without[i] - all[i]);
      if (moved > most[i]) [most[i], found[i]] = [moved, name];
    }
  }
  return found.filter((name, i) => name === `pathway${truth.active[others[i]] + 1}`).length / some;
}
