/** A cohort from arrays, with holes; late fusion predicts from what each subject has and says what drove it. */
import { cohort, late, matrix } from 'consilience';

/** @param rows values of each subject, or null for who was not measured */
function block(name, features, rows) {
  const width = features.length;
  const present = Uint8Array.from(rows, (row) => (row ? 1 : 0)); // [subjects]
  const observed = Uint8Array.from({ length: rows.length * width }, (_, at) => present[Math.floor(at / width)]);
  const values = Float64Array.from(rows.flatMap((row) => row ?? features.map(() => 0))); // [subjects, features]
  return {
    modality: {
      name,
      features: features.map((feature) => ({ name: feature, scale: 'interval' })),
      noise: 'unknown',
      constraint: 'none',
      sampling: { kind: 'once' },
      missingness: 'unknown',
    },
    values: matrix(rows.length, width, values),
    observed,
    present,
  };
}

const ids = Array.from({ length: 40 }, (_, i) => `p${String(i + 1).padStart(2, '0')}`);
const labels = Int32Array.from(ids, (_, i) => i % 2); // relapse or not
const wave = (i, k) => Math.sin(7.1 * i + k); // stands for noise
const imaging = ids.map((_, i) => [labels[i] + wave(i, 1), wave(i, 2)]);
const blood = ids.map((_, i) => (i % 3 === 0 ? null : [labels[i] + wave(i, 3), labels[i] + wave(i, 4)]));
const patients = cohort(ids, [block('imaging', ['volume', 'texture'], imaging), block('blood', ['ca', 'crp'], blood)]);
const target = { kind: 'classes', name: 'relapse', classes: ['no', 'yes'], labels };

const fitted = await late({ combine: 'weighted' }).fit(patients, target, { seed: 1 });
const { subjects, modalities, probability, contributions } = await fitted.apply(patients, { explain: true });
for (const i of [0, 1]) {
  const moved = modalities.map((name, m) => `${name} ${contributions[(i * 2 + m) * 2 + 1].toFixed(2)}`);
  console.log(`${subjects[i]}: relapse ${probability.data[i * 2 + 1].toFixed(2)} (${moved.join(', ')})`);
}
