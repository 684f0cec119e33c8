/** ComBat as a step of a preparation: sites come with the block, covariates are columns of it. */
import { matrix, takeColumns } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import type { Feature } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import type { BatchedBlock } from './batched-block.ts';
import { type ComBatOptions, checkedOptions } from './combat.ts';
import { adjusted, learnAdjustment, type SiteAdjustment } from './combat-adjust.ts';
import { checkFeatures, observedValues, takeFeatures } from './features.ts';
import { harmonizer } from './harmonizer.ts';
import { sitesOf } from './site-rows.ts';
import { meanAndSd } from './z-score-map.ts';

export interface CombatStepOptions extends ComBatOptions {
  /**
   * Columns of the same modality whose effect on the others is kept and which are themselves left as they are (age, sex).
   * Never the target, which is no column of a modality. Who lacks one counts as its training mean. Default: none.
   */
  readonly covariates?: readonly string[];
}

interface State extends SiteAdjustment {
  /** All columns, those that are adjusted (as their places among all), and the training means of the covariates. */
  readonly all: string[];
  readonly at: number[];
  readonly usual: Float64Array; // [covariates]
}

/**
 * `comBat` on the interval, ratio and count features of a block, which become intervals. Nominal and ordinal features and
 * covariates are carried along: adjust before `encode`. The target is never looked at.
 *
 * @throws InputError as `comBat`, where no sites are told, and on a covariate that is not there or is nominal
 */
export const combat = harmonizer({
  kind: 'combat',
  version: 1,
  learn(block, { covariates = [], ...options }: CombatStepOptions): State {
    const { features } = block.modality;
    const kept = covariates.map((name) => placeOf(name, block));
    const at = [...features.keys()].filter((j) => isMeasured(features[j]) && !kept.includes(j));
    const usual = Float64Array.from(kept, (j) => meanAndSd(observedValues(block, j)).mean); // [covariates]
    const learned = learnAdjustment(batchedOf(block, { at, covariates, usual }), checkedOptions(options));
    return { ...learned, all: features.map(({ name }) => name), at, usual };
  },
  transform(block, state): Block {
    checkFeatures(block, state.all, 'combat');
    const part = adjusted(batchedOf(block, state), state);
    const [rows, columns] = block.values.shape;
    const width = state.at.length;
    const data = block.values.data.slice(); // [subjects, features]
    for (let i = 0; i < rows; i++) {
      state.at.forEach((j, from) => {
        data[i * columns + j] = part.values.data[i * width + from];
      });
    }
    const changed = new Set(state.at);
    const features = block.modality.features.map(
      (feature, j): Feature => (changed.has(j) ? { ...feature, scale: 'interval' } : feature),
    );
    return { ...block, modality: { ...block.modality, features }, values: { shape: [rows, columns], data } };
  },
});

function isMeasured({ scale }: Feature): boolean {
  return scale !== 'nominal' && scale !== 'ordinal';
}

function placeOf(name: string, { modality }: Block): number {
  const j = modality.features.findIndex((feature) => feature.name === name);
  if (j >= 0 && modality.features[j].scale !== 'nominal') return j;
  const numbers = modality.features.filter(({ scale }) => scale !== 'nominal').map((feature) => feature.name);
  throw new InputError({
    where: `combat: ${modality.name}: covariates`,
    what: j < 0 ? `unknown column "${name}"` : `"${name}" is nominal: its levels are no numbers`,
    expected: `a column of numbers of this modality${numbers.length > 0 ? `, such as ${numbers.slice(0, 3).join(', ')}` : ''}`,
  });
}

/** The columns to adjust, with sites and covariates; a covariate that is not measured is its training mean. */
function batchedOf(block: Block, { at, covariates, usual }: Pick<State, 'at' | 'usual'> & Covariates): BatchedBlock {
  const { modality, values, observed } = block;
  const kept = covariates.map((name) => modality.features.findIndex((feature) => feature.name === name));
  const [rows, columns] = values.shape;
  const known = takeColumns(values, kept).data;
  const filled = Float64Array.from(known, (value, cell) => {
    const [i, c] = [Math.floor(cell / kept.length), cell % kept.length];
    return observed[i * columns + kept[c]] ? value : usual[c];
  }); // [subjects, covariates]
  return {
    block: takeFeatures(block, at),
    batch: sitesOf(block, 'combat'),
    ...(kept.length > 0 && { covariates: { names: covariates, values: matrix(rows, kept.length, filled) } }),
  };
}

interface Covariates {
  readonly covariates: readonly string[];
}
