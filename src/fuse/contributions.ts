import { permutation, random } from '../array/random.ts';
import { type Cohort, withOnly } from '../describe/cohort.ts';
import { type FittedFusion, opinionIn, type Prediction } from './prediction.ts';

/** `apply` of a fusion that can explain itself. */
export function explainable(
  modalities: readonly string[],
  prior: Float64Array,
  predict: (x: Cohort) => Promise<Prediction>,
): FittedFusion['apply'] {
  return (x, options) => (options?.explain ? withContributions(x, modalities, prior, predict) : predict(x));
}

const exactUpTo = 8; // modalities
const sampledOrders = 128;

/**
 * Shapley values (Shapley 1953): what each modality adds to the opinion, averaged over the orders in
 * which modalities could have become known. Absent means masked, so an absent modality contributes exactly 0. Exact over
 * all subsets up to 8 modalities, over 128 seeded orders above.
 */
async function withContributions(
  x: Cohort,
  modalities: readonly string[],
  prior: Float64Array,
  predict: (x: Cohort) => Promise<Prediction>,
): Promise<Prediction> {
  const full = await predict(x);
  const said = opinionIn(full).data;
  const known = new Map<string, Float64Array>([[key(modalities), said]]);
  const opinionOf = async (subset: readonly string[]): Promise<Float64Array> => {
    let value = known.get(key(subset));
    if (!value) {
      value = subset.length ? opinionIn(await predict(withOnly(x, subset))).data : repeated(prior, said.length);
      known.set(key(subset), value);
    }
    return value;
  };
  const many = modalities.length;
  const width = prior.length;
  const out = new Float64Array(x.subjects.length * many * width); // [subjects, modalities, width]
  const add = (m: number, gain: number, withIt: Float64Array, without: Float64Array) => {
    for (let i = 0; i < x.subjects.length; i++) {
      for (let k = 0; k < width; k++) {
        const at = i * width + k;
        out[(i * many + m) * width + k] += gain * (withIt[at] - without[at]);
      }
    }
  };
  if (many <= exactUpTo) {
    for (let bits = 0; bits < 1 << many; bits++) {
      const subset = modalities.filter((_, m) => bits & (1 << m));
      for (let m = 0; m < many; m++) {
        if (bits & (1 << m)) continue;
        const more = modalities.filter((_, other) => other === m || bits & (1 << other));
        add(m, shapleyWeight(subset.length, many), await opinionOf(more), await opinionOf(subset));
      }
    }
  } else {
    const generator = random(20_231);
    for (let draw = 0; draw < sampledOrders; draw++) {
      const subset = new Set<number>();
      let before = await opinionOf([]);
      for (const m of permutation(many, generator)) {
        subset.add(m);
        const after = await opinionOf(modalities.filter((_, other) => subset.has(other)));
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
