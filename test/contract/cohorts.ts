/** Small cohorts with a known signal, holes and mixed scales, for tests. */
import { matrix } from '../../src/array/matrix.ts';
import { type Random, random } from '../../src/array/random.ts';
import { type Block, type Cohort, cohort } from '../../src/describe/cohort.ts';
import type { Feature, Modality } from '../../src/describe/modality.ts';
import type { ClassTarget, SurvivalTarget, Target, TargetKind, ValueTarget } from '../../src/describe/target.ts';

export interface World {
  readonly x: Cohort;
  readonly target: ClassTarget;
}

export interface WorldOptions {
  readonly subjects?: number;
  readonly seed?: number;
  readonly classes?: number;
  /** Features of each numeric modality. */
  readonly features?: readonly number[];
  /** Share of subjects without each modality. */
  readonly absent?: number;
  /** Adds a modality of nominal and ordinal columns with missing cells. */
  readonly clinical?: boolean;
  readonly signal?: number;
}

export function world(options: WorldOptions = {}): World {
  const {
    subjects = 60,
    seed = 1,
    classes = 2,
    features = [6, 12],
    absent = 0.2,
    clinical = true,
    signal = 0.8,
  } = options;
  const generator = random(seed);
  const labels = Int32Array.from({ length: subjects }, (_, i) => i % classes);
  const blocks = features.map((many, m) => numbers(`assay${m + 1}`, many, labels, generator, { absent, signal }));
  if (clinical) blocks.push(mixed(labels, generator));
  const ids = Array.from({ length: subjects }, (_, i) => `s${String(i).padStart(4, '0')}`);
  return {
    x: cohort(ids, blocks),
    target: {
      kind: 'classes',
      name: 'outcome',
      classes: Array.from({ length: classes }, (_, k) => `class${k}`),
      labels,
    },
  };
}

/** The same subjects followed until an event that comes earlier in the later classes, some of them censored. */
export function followed({ target }: World, seed = 5): SurvivalTarget {
  const generator = random(seed);
  const days = (rate: number) => -Math.log(1 - generator.uniform()) / rate;
  const until = Array.from(target.labels, (label) => ({ event: days(0.002 * 4 ** label), censored: days(0.002) }));
  return {
    kind: 'survival',
    name: 'death',
    timeDays: Float64Array.from(until, ({ event, censored }) => 1 + Math.min(event, censored)),
    event: Uint8Array.from(until, ({ event, censored }) => (event <= censored ? 1 : 0)),
  };
}

/** A value that rises with the class. */
export function valued({ target }: World, seed = 6): ValueTarget {
  const generator = random(seed);
  const values = Float64Array.from(target.labels, (label) => 50 + 10 * label + 4 * generator.normal());
  return { kind: 'value', name: 'pressure', unit: 'mmHg', values };
}

export function targetOf(world: World, kind: TargetKind): Target {
  return kind === 'survival' ? followed(world) : kind === 'value' ? valued(world) : world.target;
}

export function modality(name: string, features: readonly Feature[]): Modality {
  return { name, features, noise: 'unknown', constraint: 'none', sampling: { kind: 'once' }, missingness: 'unknown' };
}

function numbers(
  name: string,
  many: number,
  labels: Int32Array,
  generator: Random,
  { absent, signal }: { absent: number; signal: number },
): Block {
  const n = labels.length;
  const data = new Float32Array(n * many); // [subjects, features]
  const observed = new Uint8Array(n * many).fill(1);
  const present = Uint8Array.from({ length: n }, () => (generator.uniform() < absent ? 0 : 1));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < many; j++) {
      data[i * many + j] = generator.normal() + (j % 3 === labels[i] % 3 ? signal : 0);
      if (!present[i]) {
        data[i * many + j] = 0;
        observed[i * many + j] = 0;
      }
    }
  }
  const features = Array.from({ length: many }, (_, j): Feature => ({ name: `f${j}`, scale: 'interval' }));
  return { modality: modality(name, features), values: matrix(n, many, data), observed, present };
}

function mixed(labels: Int32Array, generator: Random): Block {
  const n = labels.length;
  const data = new Float32Array(n * 3); // [subjects, features]
  const observed = new Uint8Array(n * 3).fill(1);
  for (let i = 0; i < n; i++) {
    data[i * 3] = generator.integer(3);
    data[i * 3 + 1] = Math.min(3, labels[i] + generator.integer(3));
    data[i * 3 + 2] = Math.round(Math.exp(generator.normal() + 3));
    for (let j = 0; j < 3; j++) {
      if (generator.uniform() < 0.15) {
        data[i * 3 + j] = 0;
        observed[i * 3 + j] = 0;
      }
    }
  }
  const features: Feature[] = [
    { name: 'site', scale: 'nominal', levels: ['a', 'b', 'c'] },
    { name: 'stage', scale: 'ordinal', levels: ['i', 'ii', 'iii', 'iv'] },
    { name: 'cells', scale: 'count' },
  ];
  const present = Uint8Array.from({ length: n }, (_, i) => (observed.subarray(i * 3, i * 3 + 3).includes(1) ? 1 : 0));
  return { modality: modality('clinical', features), values: matrix(n, 3, data), observed, present };
}

/** Counts of unequal depth, with zeros, some missing cells, a subject of whom nothing was counted and one without it. */
export function countBlock({ subjects = 60, features: many = 8, seed = 3 } = {}): Block {
  const generator = random(seed);
  const data = new Float32Array(subjects * many); // [subjects, features]
  const observed = new Uint8Array(subjects * many).fill(1);
  const present = new Uint8Array(subjects).fill(1);
  for (let i = 0; i < subjects; i++) {
    const depth = 20 * Math.exp(generator.normal());
    for (let j = 0; j < many; j++) {
      const mean = depth * (j + 0.3);
      const count = Math.round(mean + Math.sqrt(mean + 0.2 * mean ** 2) * generator.normal());
      data[i * many + j] = Math.max(j < 2 ? 0 : 1, count);
      if (generator.uniform() < 0.05) {
        data[i * many + j] = 0;
        observed[i * many + j] = 0;
      }
    }
  }
  data.fill(0, 3 * many, 5 * many);
  observed.fill(1, 3 * many, 4 * many);
  observed.fill(0, 4 * many, 5 * many);
  present[4] = 0;
  const features = Array.from({ length: many }, (_, j): Feature => ({ name: `g${j}`, scale: 'count' }));
  return { modality: modality('counts', features), values: matrix(subjects, many, data), observed, present };
}
