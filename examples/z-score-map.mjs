/** One language for two instruments: the z-score map, by hand and fitted on a block of measurements. */
import { matrix, pipe, standardize, varianceFilter, zScoreMap } from 'consilience';

// Two assays of one quantity: 1000 ± 200 on the old one is 40 ± 10 on the new one.
const { map, inverse } = zScoreMap({ mean: 1000, sd: 200 }, { mean: 40, sd: 10 });
console.log(`1200 on the old assay is ${map(1200)} on the new one, and back: ${inverse(50)}`);

/** Subjects measured by one instrument; every value is there. */
function block(values) {
  const features = ['albumin', 'bilirubin', 'batch'].map((name) => ({ name, scale: 'ratio' }));
  return {
    modality: {
      name: 'blood',
      features,
      noise: 'gaussian',
      constraint: 'none',
      sampling: { kind: 'once' },
      missingness: 'unknown',
    },
    values: matrix(values.length, features.length, Float64Array.from(values.flat())), // [subjects, features]
    observed: new Uint8Array(values.length * features.length).fill(1),
    present: new Uint8Array(values.length).fill(1),
  };
}

const training = block([38, 44, 41, 35].map((albumin, i) => [albumin, 8 + 2 * i, 1]));
const fitted = await pipe(varianceFilter(), standardize({ to: { mean: 50, sd: 10 } })).fit(training, undefined, {
  seed: 0,
});

const { modality, values } = await fitted.apply(block([[47, 11, 1]])); // on the scale of the training subjects
console.log(modality.features.map(({ name }, j) => `${name} ${values.data[j].toFixed(1)}`).join(', '));
console.log(`kept as ${Object.keys(fitted.save().blobs).length} arrays, no subject among them`);
