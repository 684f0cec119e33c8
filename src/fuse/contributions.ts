import { permutation, random } from '../array/random.ts';
import { type Cohort, withOnly } from '../describe/cohort.ts';
import type { ClassPrediction, FittedFusion } from './prediction.ts';

/** `apply` of a fusion that can explain itself. */
export function explainable(
  modalities: readonly string[],
  prior: Float64Array,
  predict: (x: Cohort) => Promise<ClassPrediction>,
): FittedFusion['apply'] {
  return (x, options) => (options?.explain ? withContributions(x, modalities, prior, predict) : predict(x));
}

const exactUpTo = 8; // modalities
const sampledOrders = 128;

/**
 * Shapley values (Shapley 1953): what each modality adds to the predicted probabilities, averaged over the orders in
 * which modalities could have become known. Absent means masked, so an absent modality contributes exactly 0. Exact over
 * all subsets up to 8 modalities, over 128 seeded orders above.
 */
async function withContributions(
  x: Cohort,
  modalities: readonly string[],
  prior: Float64Array,
  predict: (x: Cohort) => Promise<ClassPrediction>,
): Promise<ClassPrediction> {
  const full = await predict(x);
  const size = full.probability.data.length;
  const known = new Map<string, Float64Array>([[key(modalities), full.probability.data]]);
  const probabilityOf = async (subset: readonly string[]): Promise<Float64Array> => {
    let value = known.get(key(subset));
    if (!value) {
      value = subset.length ? (await predict(withOnly(x, subset))).probability.data : repeated(prior, size);
      known.set(key(subset), value);
    }
    return value;
  };
  const many = modalities.length;
  const classes = prior.length;
  const out = new Float64Array(x.subjects.length * many * classes); // [subjects, modalities, classes]
  const add = (m: number, gain: number, withIt: Float64Array, without: Float64Array) => {
    for (let i = 0; i < x.subjects.length; i++) {
      for (let k = 0; k < classes; k++) {
        const at = i * classes + k;
        out[(i * many + m) * classes + k] += gain * (withIt[at] - without[at]);
      }
    }
  };
  if (many <= exactUpTo) {
    for (let bits = 0; bits < 1 << many; bits++) {
      const subset = modalities.filter((_, m) => bits & (1 << m));
      for (let m = 0; m < many; m++) {
        if (bits & (1 << m)) continue;
        const more = modalities.filter((_, other) => other === m || bits & (1 << other));
        add(m, shapleyWeight(subset.length, many), await probabilityOf(more), await probabilityOf(subset));
      }
    }
  } else {
    const generator = random(20_231);
    for (let draw = 0; draw < sampledOrders; draw++) {
      const subset = new Set<number>();
      let before = await probabilityOf([]);
      for (const m of permutation(many, generator)) {
        subset.add(m);
        const after = await probabilityOf(modalities.filter((_, other) => subset.has(other)));
        add(m, 1 / sampledOrders, after, before);
        before = after;
      }
    }
  }
  return { ...full, contributions: out };
}

function key(subset: readonly string[]): string {
  return JSON.stringify(subset);
}

function repeated(prior: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, at) => prior[at % prior.length]);
}

/** |S|! (M − |S| − 1)! / M! */
function shapleyWeight(size: number, many: number): number {
  let weight = 1 / many;
  for (let i = 1; i <= size; i++) weight *= i / (many - i);
  return weight;
}
