import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import type { Estimator, Fitted, JsonObject, Saved } from '../estimator.ts';
import type { BatchedBlock } from './batched-block.ts';
import { type AdjustmentOptions, adjusted, learnAdjustment, type SiteAdjustment, unseens } from './combat-adjust.ts';
import { type Pooling, poolings } from './combat-prior.ts';
import { assembled, dismantled } from './harmonizer.ts';

export interface ComBatOptions {
  /**
   * How a site's effects on single features are drawn towards its effects on all: `parametric` (default) by a normal and an
   * inverse gamma prior, `nonparametric` by the other features' estimates (quadratic in features), `none` not at all.
   */
  readonly pooling?: Pooling;
  /** Removes shifts only and leaves each site its spread; a site may then have a single subject. */
  readonly meanOnly?: boolean;
  /** The site that all others are brought to, itself unchanged; without it, the average of all subjects. */
  readonly reference?: string;
  /**
   * A subject of a site that was not in training: `refuse` (default), since every other answer is an assumption;
   * `pass-through` as it is; `pooled`: corrected by the average effect of the training sites (weighted by subjects), which
   * without a reference is next to nothing; `own`: by the shift and spread of the site's own subjects at hand, without
   * their labels (transductive: a value then depends on who else is looked at).
   */
  readonly unseen?: (typeof unseens)[number];
}

export type FittedComBat = Fitted<BatchedBlock, Block>;

/**
 * ComBat: takes out of each feature what the site adds to it and multiplies it by, keeping what covariates explain
 * (Johnson, Li and Rabinovic 2007, Biostatistics 8:118; Fortin et al. 2017, NeuroImage 161:149). Learned from training
 * subjects; a new subject of a known site is corrected by what was learned. Missing values teach nothing and are carried
 * along, as are features in which no residual is left.
 *
 * @throws InputError at a single site, at a site of one subject (unless `meanOnly`), where a covariate cannot be told from
 * the sites, and at a site not met in training (see `unseen`).
 */
export function comBat(options: ComBatOptions = {}): Estimator<BatchedBlock, unknown, Block, FittedComBat> {
  const checked = checkedOptions(options);
  return {
    spec: { kind: 'combat', version: 1, options: { ...options } as JsonObject },
    fit: async (batched) => fittedComBat(learnAdjustment(batched, checked)),
  };
}

comBat.open = (saved: Saved): FittedComBat => fittedComBat(assembled(saved) as SiteAdjustment);

function fittedComBat(state: SiteAdjustment): FittedComBat {
  return {
    apply: async (batched) => adjusted(batched, state),
    save: () => ({ kind: 'combat', version: 1, ...dismantled(state) }),
  };
}

/** @throws InputError on an option, or a value of one, that there is not */
export function checkedOptions(options: ComBatOptions): AdjustmentOptions {
  const { pooling = 'parametric', meanOnly = false, reference, unseen = 'refuse', ...unknown } = options;
  const [odd] = Object.keys(unknown);
  if (odd !== undefined) {
    const expected = 'pooling, meanOnly, reference or unseen';
    throw new InputError({ where: 'comBat', what: 'unknown option', expected, got: odd });
  }
  for (const [name, got, known] of [['pooling', pooling, poolings] as const, ['unseen', unseen, unseens] as const]) {
    if (!(known as readonly string[]).includes(got)) {
      throw new InputError({ where: `comBat: ${name}`, what: 'unknown', expected: `one of ${known.join(', ')}`, got });
    }
  }
  return { pooling, meanOnly, reference, unseen };
}
