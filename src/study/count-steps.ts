/** Steps for counts, which a study names and which find none: they would do nothing, and whoever named them thinks they do. */
import type { Modality } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import { partsOf } from '../harmonize/clr.ts';
import { countFeatures } from '../harmonize/counts.ts';
import type { StudyFile } from './schema.ts';

/** Which columns of a modality each takes for counts, by their places. */
const takes: Readonly<Record<string, (of: { readonly modality: Modality }) => number[]>> = {
  'size-factors': countFeatures,
  cpm: countFeatures,
  clr: partsOf,
  'pearson-residuals': countFeatures,
};

/**
 * Warns of a step for counts that leaves columns as they are.
 *
 * @throws InputError where it leaves all of them, since none holds counts, or since a step before it made them something else
 */
export function checkCountSteps({ modalities }: StudyFile, measured: readonly Modality[], file: string): Warning[] {
  return measured.flatMap((modality) => {
    const entry = modalities[modality.name];
    const steps = typeof entry === 'string' ? [] : (entry.prepare ?? []);
    const kinds = steps.map((step) => (typeof step === 'string' ? step : step.kind));
    const [first, ...others] = kinds.filter((kind) => kind in takes);
    if (first === undefined) return [];
    const where = `${file}: modalities.${modality.name}.prepare`;
    if (others.length > 0) {
      const what = `${others[0]} after ${first}, which leaves no counts`;
      throw new InputError({ where, what, expected: 'one step for counts' });
    }
    const all = modality.features.length;
    const taken = takes[first]({ modality }).length;
    if (taken === 0) throw nothingToDo(first, modality, where);
    if (taken === all) return [];
    const message = `${modality.name}: ${first} acts on ${taken} of ${all} columns, those of counts; the others stay as they are`;
    return [{ code: 'not-all-counts', message }];
  });
}

function nothingToDo(step: string, { name, features }: Modality, where: string): InputError {
  const scales = [...new Set(features.map(({ scale }) => scale))].join(', ');
  return new InputError({
    where,
    what: `${step} acts on counts, and ${name} has none, so that it would do nothing`,
    expected: 'scale: count, or noise: negative-binomial for expected counts with fractions (scale: ratio)',
    got: `${features.length} ${features.length > 1 ? 'columns' : 'column'} on the scale ${scales}`,
  });
}
