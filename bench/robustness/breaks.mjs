/**
 * What becomes of one modality at test, how much of it, and the best AUROC that is left. All models are trained on 1,000
 * subjects in whom nothing is broken, and judged by 1,000 others.
 */
import { addNoise, misalign, removeModality, simulateMonitored, simulateMultiomics, takeSubjects } from 'consilience';
import { ceiling } from './ceiling.mjs';

const taught = 1000;
const subjects = 2 * taught;
const broken = 0; // omics1, which tells most
const shared = 1;
const own = [2, 1, 1];
const blocks = { blockSize: 10, blockCorrelation: 0.3 };

/**
 * Three modalities whose effects add up, the first of which is broken. `tests` go by kind and amount; `best` is undefined
 * where it is not known in closed form.
 */
export function omics(seed) {
  const { cohort, target, truth } = simulateMultiomics({
    subjects,
    seed,
    modalities: 3,
    features: 50,
    informative: 0.2,
    loading: 1,
    shared,
    own,
    ...blocks,
  });
  const { train, test } = parted(cohort, target);
  const best = (how) => ceiling(truth.loadings, { shared, own, ...blocks }, { broken, ...how });
  const name = cohort.blocks[broken].modality.name;
  return {
    train,
    labels: test.target.labels,
    tests: [
      ...[0, 1, 2, 3].map((sd) => ({
        kind: 'noise',
        amount: sd,
        x: addNoise(test.x, name, { sd, seed }),
        best: best({ sd }),
      })),
      ...[0, 0.25, 0.5, 1].map((share) => ({
        kind: 'missing',
        amount: share,
        x: removeModality(test.x, name, { share, seed }),
        best: best({ missing: share }),
      })),
      ...[0, 0.25, 0.5, 1].map((share) => ({
        kind: 'misaligned',
        amount: share,
        x: misalign(test.x, name, { share, seed }),
        best: share === 0 ? best({}) : undefined,
      })),
    ],
  };
}

/** Two sensors of one moving state, of which the second is read later and later. */
export function sensors(seed) {
  const worlds = [0, 30, 60, 120].map((lagSeconds) => ({
    lagSeconds,
    world: simulateMonitored({ subjects, seed, lagSeconds }),
  }));
  const [{ world: together }] = worlds;
  const { train, test } = parted(together.cohort, together.target);
  return {
    train,
    labels: test.target.labels,
    tests: worlds.map(({ lagSeconds, world: { cohort, target, truth } }) => ({
      kind: 'late by',
      amount: lagSeconds,
      x: parted(cohort, target).test.x,
      best: truth.auroc.fused,
    })),
  };
}

function parted(cohort, target) {
  const part = (from) => {
    const rows = Int32Array.from({ length: taught }, (_, i) => from + i);
    return { x: takeSubjects(cohort, rows), target: { ...target, labels: rows.map((row) => target.labels[row]) } };
  };
  return { train: part(0), test: part(taught) };
}
