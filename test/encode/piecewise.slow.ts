/** Whether piecewise-linear codes of numbers pay, judged on inner folds of training subjects; why their default is off. */
import { expect, test } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { deriveSeed, random } from '../../src/array/random.ts';
import { type Block, cohort } from '../../src/describe/cohort.ts';
import { encoderOf } from '../../src/encode/encoders.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { innerParts } from '../../src/expert/blocks.ts';
import { innerFolds } from '../../src/expert/inner-folds.ts';
import { crossFit } from '../../src/fuse/intermediate/cross-fit.ts';
import { designOf } from '../../src/fuse/intermediate/design.ts';
import { objectiveOf } from '../../src/fuse/intermediate/objective.ts';
import { networkOptions } from '../../src/fuse/intermediate/options.ts';
import { learningProblem } from '../../src/fuse/intermediate/problem.ts';
import { SharedTrainer } from '../../src/fuse/intermediate/shared-trainer.ts';
import { gaussianModality } from '../../src/simulate/gaussian-modality.ts';

const [subjects, columns] = [400, 6];
const names = ['one', 'two'];
const modalities = names.map((name) => gaussianModality(name, columns));

/** The smallest loss over inner folds with each number of bins. Logits are of two columns of each modality. */
async function losses(logit: (a: Float64Array, b: Float64Array) => number, seed: number): Promise<number[]> {
  const generator = random(deriveSeed(seed, 'piecewise'));
  const values = names.map(() => Float64Array.from({ length: subjects * columns }, () => generator.normal()));
  const row = (m: number, i: number) => values[m].subarray(i * columns, (i + 1) * columns);
  const labels = Int32Array.from({ length: subjects }, (_, i) =>
    generator.uniform() < 1 / (1 + Math.exp(-logit(row(0, i), row(1, i)))) ? 1 : 0,
  );
  const blocks = modalities.map(
    (modality, m): Block => ({
      modality,
      values: matrix(subjects, columns, values[m]),
      observed: new Uint8Array(subjects * columns).fill(1),
      present: new Uint8Array(subjects).fill(1),
    }),
  );
  const ids = Array.from({ length: subjects }, (_, i) => `s${String(i).padStart(4, '0')}`);
  const x = cohort(ids, blocks);
  const rows = Int32Array.from(labels.keys());
  const objective = objectiveOf({ kind: 'classes', name: 'class', classes: ['0', '1'], labels }, rows);
  const options = networkOptions({});
  const found: number[] = [];
  for (const bins of [0, 4, 8]) {
    const { width, tokens } = options;
    const encoders = blocks.map((block, m) => encoderOf(block, { name: names[m], width, tokens, bins }));
    const problem = learningProblem(encoders, designOf(x, names, blocks, encoders), objective, options);
    const folds = innerParts(innerFolds({ rows }, labels, { seed }));
    const parts = folds.map(({ train, validate }) => ({ problem, train, held: validate }));
    const runtime = await nodeRuntime();
    await using shared = await SharedTrainer.open(problem, runtime);
    found.push((await crossFit(parts, subjects, shared, runtime, { seed })).loss);
  }
  return found;
}

test.each([
  ['a line', (a: Float64Array, b: Float64Array) => 0.8 * (a[0] + a[1] + b[0] + b[1]), 1],
  ['the shape of a U', (a: Float64Array, b: Float64Array) => 1.2 * (a[0] ** 2 + b[0] ** 2 - 2), -1],
] as const)('where the log-odds are %s, bins change the loss by what they can tell', async (name, logit, sign) => {
  const differences: number[] = [];
  for (const seed of [1, 2, 3]) {
    const found = await losses(logit, seed);
    console.info(`${name}, seed ${seed}: ${found.map((loss) => loss.toFixed(4)).join(', ')} with 0, 4, 8 bins`);
    differences.push(found[1] - found[0]);
  }
  expect(Math.sign(differences.reduce((a, b) => a + b))).toBe(sign);
});
