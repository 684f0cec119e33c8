/** What the tests of independence are handed in a comparison, made from a simulated cohort: components and logits. */
import { type Cohort, takeSubjects } from '../../src/describe/cohort.ts';
import type { ClassTarget } from '../../src/describe/target.ts';
import type { FoldIndependence } from '../../src/evaluate/independence.ts';
import {
  type EvidenceDependence,
  evidenceComponents,
  evidenceDependence,
} from '../../src/evaluate/independence-evidence.ts';
import { crossedStrata, expertDependence, logitScores } from '../../src/evaluate/independence-experts.ts';
import { crossFitLogistic } from '../../src/expert/logistic.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';

interface Made {
  readonly cohort: Cohort;
  readonly target: Pick<ClassTarget, 'labels' | 'classes'>;
}

const namesOf = ({ blocks }: Cohort) => blocks.map(({ modality }) => modality.name);

export function evidenceOf(
  { cohort, target }: Made,
  seed: number,
  rows: Int32Array = Int32Array.from(target.labels.keys()),
): readonly (EvidenceDependence | undefined)[] {
  const { blocks } = takeSubjects(cohort, rows);
  const components = blocks.map(({ values, present }) => evidenceComponents(values, present, seed));
  const present = new Uint8Array(rows.length * blocks.length).fill(1);
  const strata = Int32Array.from(rows, (row) => target.labels[row]);
  return evidenceDependence({ names: namesOf(cohort), components, present, strata }, { seed });
}

/** Logistic experts on 5 inner folds of the given subjects; `fixed` says what is held fixed. */
export async function expertsOf(
  { cohort, target }: Made,
  seed: number,
  { rows = Int32Array.from(target.labels.keys()), fixed = 'class and fold' as 'class' | 'class and fold' } = {},
): Promise<FoldIndependence['experts']> {
  const labels = Int32Array.from(rows, (row) => target.labels[row]);
  const folds = stratifiedFolds(labels, { folds: 5, seed });
  const inner = new Int32Array(target.labels.length);
  rows.forEach((row, i) => {
    inner[row] = folds[i];
  });
  const scores = [];
  for (const { values } of cohort.blocks) {
    const design = { blocks: [values], rows };
    const { outOfFold } = await crossFitLogistic(design, target.labels, target.classes.length, {}, { seed, inner });
    scores.push(logitScores(outOfFold));
  }
  const present = new Uint8Array(rows.length * scores.length).fill(1);
  const strata = fixed === 'class' ? labels : crossedStrata(labels, folds);
  return expertDependence({ names: namesOf(cohort), scores, present, strata });
}

/** Both tests on the training subjects of each of 5 outer folds. */
export async function foldsOf(made: Made, seed: number): Promise<readonly FoldIndependence[]> {
  const outer = stratifiedFolds(made.target.labels, { folds: 5, seed });
  const found: FoldIndependence[] = [];
  for (let fold = 0; fold < 5; fold++) {
    const rows = Int32Array.from(outer.keys()).filter((i) => outer[i] !== fold);
    found.push({
      experts: await expertsOf(made, seed, { rows }),
      evidence: evidenceOf(made, seed + fold, rows),
    });
  }
  return found;
}
