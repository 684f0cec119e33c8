/**
 * Two scans of one head (`simulatePhantom`), of which the second is of a head that has moved, noisy, or not there at test.
 * All models are trained on 1,500 subjects in whom nothing is broken, and judged by 1,000 others, the same ones in each test.
 */
import { addNoise, removeModality, simulatePhantom, takeSubjects } from 'consilience';

const taught = 1500;
const judged = 1000;
const world = { shape: [1, 20, 20], spacingMm: 5, radiusMm: 4, contrast: 5, own: 0.5, noise: 0.8 };

/** Training and tests of one seed; `tests` go by kind and amount. */
export function scans(seed) {
  const made = (shiftMm) => simulatePhantom({ ...world, subjects: taught + judged, seed, shiftMm });
  const { cohort, target } = made(0);
  const train = part(cohort, target, 0, taught);
  const sound = part(cohort, target, taught, judged);
  const tests = [
    ...[0, 1, 2, 3, 5, 7, 10].map((mm) => ({
      kind: 'moved',
      amount: mm,
      x: mm === 0 ? sound.x : part(made(mm).cohort, target, taught, judged).x,
    })),
    ...[0, 0.5, 1, 2].map((sd) => ({ kind: 'noise', amount: sd, x: addNoise(sound.x, 'second', { sd, seed }) })),
    ...[0, 0.25, 0.5, 1].map((share) => ({
      kind: 'missing',
      amount: share,
      x: removeModality(sound.x, 'second', { share, seed }),
    })),
  ];
  return { train, labels: sound.target.labels, tests };
}

function part(cohort, target, from, many) {
  const rows = Int32Array.from({ length: many }, (_, i) => from + i);
  return { x: takeSubjects(cohort, rows), target: { ...target, labels: rows.map((row) => target.labels[row]) } };
}
