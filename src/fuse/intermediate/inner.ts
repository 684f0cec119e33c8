/** The problems that inner folds learn from. */
import { type Block, blockOf, type Cohort, takeBlockRows } from '../../describe/cohort.ts';
import { strataOf, type Target, takeTarget } from '../../describe/target.ts';
import type { Run } from '../../estimator.ts';
import { innerParts } from '../../expert/blocks.ts';
import { innerFolds } from '../../expert/inner-folds.ts';
import type { FittedHarmonizer } from '../../harmonize/harmonizer.ts';
import { preparation, readsTarget } from '../../harmonize/prepare.ts';
import { stepsFor } from '../modality-expert.ts';
import type { Part } from './cross-fit.ts';
import { designOf, encodersOf, preparedBlocks, rowsWithAny } from './design.ts';
import { objectiveOf } from './objective.ts';
import type { IntermediateOptions, NetworkOptions } from './options.ts';
import { type LearningProblem, learningProblem } from './problem.ts';
import { reconstructionOf } from './reconstruction.ts';

export function problemOf(
  x: Cohort,
  target: Target,
  modalities: readonly string[],
  blocks: readonly Block[],
  own: NetworkOptions,
  { rows, frozen = false }: { readonly rows?: Int32Array; readonly frozen?: boolean } = {},
): LearningProblem {
  const taught = (some: readonly Block[]) => (rows ? some.map((block) => takeBlockRows(block, rows)) : some);
  const raw = modalities.map((name) => blockOf(x, name));
  const encoders = encodersOf(taught(blocks), own, taught(raw));
  const design = designOf(x, modalities, blocks, encoders);
  const counts = own.reconstruction > 0 ? reconstructionOf(x, modalities, rows) : undefined;
  return learningProblem(encoders, design, objectiveOf(target, rows ?? rowsWithAny(design)), own, counts, { frozen });
}

export interface Ready {
  readonly modalities: readonly string[];
  readonly preparations: readonly FittedHarmonizer[];
  readonly rows: Int32Array;
  readonly options: IntermediateOptions;
}

/** The inner folds. What reads the target is prepared anew in each, on those trained (Ambroise and McLachlan 2002). */
export async function partsOf(
  x: Cohort,
  target: Target,
  ready: Ready & { readonly problem: LearningProblem },
  run: Run,
): Promise<Part[]> {
  const { modalities, preparations, problem, rows, options } = ready;
  const anew = modalities.some((name) => readsTarget(stepsFor(options, name)));
  const parts: Part[] = [];
  for (const { train, validate } of innerParts(innerFolds({ rows }, strataOf(takeTarget(target, rows)), run))) {
    const [trained, held] = [train, validate].map((places) => places.map((place) => rows[place]));
    if (!anew) {
      parts.push({ problem, train: trained, held });
      continue;
    }
    const onTaught = await Promise.all(
      modalities.map((name, m) => {
        const steps = stepsFor(options, name);
        if (!readsTarget(steps)) return preparations[m];
        return preparation(steps).fit(takeBlockRows(blockOf(x, name), trained), takeTarget(target, trained), run);
      }),
    );
    const blocks = await preparedBlocks(x, modalities, onTaught);
    parts.push({
      problem: problemOf(x, target, modalities, blocks, problem.options, { rows: trained }),
      train: trained,
      held,
    });
  }
  return parts;
}
