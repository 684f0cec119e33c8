/**
 * Which pathway an image makes the decision hang on, asked of the fitted fusion from outside: the counts of one pathway are
 * exchanged for those of other subjects, drawn at random, and the log-odds move. What is asked is so found whatever the
 * subject's own counts say, and wherever in the network the two meet. That the patch of the lesion does the asking is seen
 * by doing the same with the patch covered: what then moves less is asked because of it.
 */
import { matrix } from '../../src/array/matrix.ts';
import { deriveSeed, permutation, random } from '../../src/array/random.ts';
import { type Block, blockOf, type Cohort, cohort, takeSubjects } from '../../src/describe/cohort.ts';
import type { ClassPrediction, FittedFusion } from '../../src/fuse/prediction.ts';
import { type LesionWorld, sameCell } from './lesion-world.ts';

const draws = 4; // other subjects whose counts are put in

export interface Asked {
  /** Of how many the log-odds move most with the pathway that decides. */
  readonly image: number;
  /** Of how many they move less, once the patch of the lesion is covered, most with that pathway. */
  readonly patch: number;
  /** As `image`, the patch being covered: what is left to guess by. */
  readonly covered: number;
}

/** Of the first `some` judged. */
export async function askedByExchange(
  fitted: Pick<FittedFusion, 'apply'>,
  { truth, others, test, seed }: Pick<LesionWorld, 'truth' | 'others' | 'test' | 'seed'>,
  some: number,
): Promise<Asked> {
  const rows = Int32Array.from({ length: some }, (_, i) => i);
  const shown = takeSubjects(test, rows);
  const bare = lesionCovered(shown, truth.centre, others);
  const [open, hidden] = [await moved(fitted, shown, seed), await moved(fitted, bare, seed)]; // [pathways][subjects]
  const share = (by: (k: number, i: number) => number) => {
    const right = rows.filter((i) => {
      const most = [...open.keys()].reduce((best, k) => (by(k, i) > by(best, i) ? k : best));
      return most === truth.active[others[i]];
    });
    return right.length / some;
  };
  return {
    image: share((k, i) => open[k][i]),
    patch: share((k, i) => open[k][i] - hidden[k][i]),
    covered: share((k, i) => hidden[k][i]),
  };
}

/** How far the log-odds of each subject move on average as each pathway is exchanged. */
async function moved(fitted: Pick<FittedFusion, 'apply'>, x: Cohort, seed: number): Promise<Float64Array[]> {
  const genes = blockOf(x, 'genes');
  const some = x.subjects.length;
  const whole = await logOdds(fitted, x);
  const orders = Array.from({ length: draws }, (_, d) => permutation(some, random(deriveSeed(seed, 'exchange', d))));
  const all: Float64Array[] = [];
  for (const columns of pathwaysOf(genes)) {
    const sum = new Float64Array(some);
    for (const order of orders) {
      const now = await logOdds(fitted, withBlock(x, exchanged(genes, columns, order)));
      for (let i = 0; i < some; i++) sum[i] += Math.abs(now[i] - whole[i]) / draws;
    }
    all.push(sum);
  }
  return all;
}

/** The columns of each pathway. */
export function pathwaysOf({ modality }: Block): number[][] {
  const column = new Map(modality.features.map(({ name }, g) => [name, g]));
  return (modality.groups ?? []).map(({ features }) => features.map((name) => column.get(name) as number));
}

async function logOdds(fitted: Pick<FittedFusion, 'apply'>, x: Cohort): Promise<Float64Array> {
  const { probability } = (await fitted.apply(x)) as ClassPrediction;
  return Float64Array.from(x.subjects, (_, i) => Math.log(probability.data[2 * i + 1] / probability.data[2 * i]));
}

/** Counts of some genes from another subject each, brought to the own library size. */
function exchanged(genes: Block, columns: readonly number[], order: Int32Array): Block {
  const [some, many] = genes.values.shape;
  const from = genes.values.data;
  const size = new Float64Array(some);
  for (let at = 0; at < some * many; at++) size[Math.floor(at / many)] += from[at];
  const counts = Float32Array.from(from); // [subjects, genes]
  for (let i = 0; i < some; i++) {
    for (const g of columns) {
      counts[i * many + g] = Math.round((from[order[i] * many + g] * size[i]) / size[order[i]]);
    }
  }
  return { ...genes, values: matrix(some, many, counts) };
}

/** The patch of the lesion as bright as the rest of the image is on average. */
function lesionCovered(x: Cohort, centres: Int32Array, rows: Int32Array): Cohort {
  const image = blockOf(x, 'image');
  const [some, voxels] = image.values.shape;
  const values = Float32Array.from(image.values.data); // [subjects, voxels]
  for (let i = 0; i < some; i++) {
    const centre = centres.subarray(3 * rows[i], 3 * rows[i] + 2);
    const own = values.subarray(i * voxels, (i + 1) * voxels);
    const rest = own.filter((_, v) => !sameCell(centre, v));
    const mean = rest.reduce((a, b) => a + b, 0) / rest.length;
    for (let v = 0; v < voxels; v++) if (sameCell(centre, v)) own[v] = mean;
  }
  return withBlock(x, { ...image, values: matrix(some, voxels, values) });
}

function withBlock(x: Cohort, block: Block): Cohort {
  const { name } = block.modality;
  return cohort(
    x.subjects,
    x.blocks.map((one) => (one.modality.name === name ? block : one)),
  );
}
