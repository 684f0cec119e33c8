/**
 * Two patients harmonized by what was fitted on six others: does CT soft tissue follow the share of bone, and how far are the
 * two apart, against z-scores of each slice? The bench task `harmonization` tells more, with intervals.
 */
import { join } from 'node:path';
import { apart, follows, spreadOf } from '../harmonization/judge.mjs';
import { methodsOf } from '../harmonization/methods.mjs';
import { held, patientsIn } from '../harmonization/slices.mjs';

/** @returns {Promise<Record<string, number>>} */
export async function measure(library, shared) {
  const patients = await patientsIn(join(shared, 'data/harvard-ct-mri-patients'), library.readImageFile);
  const test = patients.filter(({ patient }) => held.includes(patient));
  const train = patients.filter(({ patient }) => !held.includes(patient));
  const figures = {};
  const distance = {};
  for (const [name, method] of Object.entries(methodsOf(library))) {
    if (name !== 'z-score, slice' && name !== 'joint') continue;
    const learned = await method(train);
    const tables = await Promise.all(test.map(learned));
    const sd = spreadOf(test, tables, 'ct');
    test.forEach((patient, p) => {
      figures[`${name}: r of soft tissue and bone, patient ${patient.patient}`] = follows(
        patient,
        tables[p],
        'soft',
        sd,
      ).r;
    });
    distance[name] = apart(test, tables, 'ct', 'soft') / sd;
  }
  return { ...figures, 'joint: distance of soft tissue, of separate': distance.joint / distance['z-score, slice'] };
}
