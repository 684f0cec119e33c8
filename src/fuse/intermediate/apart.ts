/**
 * Encoders that learn apart: each in a network of its modality alone, on the same target and with the same options, for as
 * many epochs as inner folds say; then they are kept as they are while the rest is learned. What a fusion trained end to end
 * is compared with (as "pretrained and frozen" in, e.g., Wang, Tran and Feiszli 2020, "What makes training multi-modal
 * classification networks hard?").
 */
import { type Block, blockOf, type Cohort } from '../../describe/cohort.ts';
import type { Target } from '../../describe/target.ts';
import type { Runtime } from '../../engine/session/runtime.ts';
import { InputError } from '../../errors.ts';
import { checkStopped, type Run } from '../../estimator.ts';
import { readsTarget } from '../../harmonize/prepare.ts';
import { rowsOf, stepsFor } from '../modality-expert.ts';
import { crossFit } from './cross-fit.ts';
import { encoderName } from './design.ts';
import { partsOf, problemOf, type Ready } from './inner.ts';
import type { NetworkOptions } from './options.ts';
import { initialState, SharedTrainer, type StartOf } from './shared-trainer.ts';

export interface Apart extends AsyncDisposable {
  readonly startOf: StartOf;
}

/**
 * Networks of one modality each, held open until disposed of.
 *
 * @throws InputError where a step of preparation reads the target: encoders would have seen held-out labels through it
 */
export async function encodersApart(
  x: Cohort,
  target: Target,
  ready: Ready & { readonly blocks: readonly Block[] },
  own: NetworkOptions,
  runtime: Runtime,
  run: Run,
): Promise<Apart> {
  const { modalities, preparations, blocks, options } = ready;
  const supervised = modalities.find((name) => readsTarget(stepsFor(options, name)));
  if (supervised !== undefined) {
    const what = 'a step reads the target, so that encoders cannot learn apart';
    throw new InputError({ where: `intermediate: ${supervised}`, what, expected: 'steps that do not' });
  }
  const alone: { readonly shared: SharedTrainer; readonly epochs: number; readonly present: Uint8Array }[] = [];
  const close = async () => {
    for (const { shared } of alone) await shared.close();
  };
  try {
    for (const [m, name] of modalities.entries()) {
      const { present } = blockOf(x, name);
      const problem = problemOf(x, target, [name], [blocks[m]], own);
      const shared = await SharedTrainer.open(problem, runtime);
      const place = alone.push({ shared, epochs: 0, present }) - 1;
      const single = { modalities: [name], preparations: [preparations[m]], rows: rowsOf(present), options, problem };
      const parts = await partsOf(x, target, single, run);
      const { epochs } = await crossFit(parts, x.subjects.length, shared, runtime, run);
      alone[place] = { shared, epochs, present };
    }
  } catch (error) {
    await close();
    throw error;
  }
  const startOf: StartOf = async (rows, seed) => {
    const start: Record<string, Float32Array> = {};
    for (const [m, { shared, epochs, present }] of alone.entries()) {
      const having = rows.filter((row) => present[row] === 1);
      let now = initialState(shared.problem, having, seed);
      while (now.epoch < epochs) {
        checkStopped(run, 'intermediate');
        now = await shared.epoch(now, run);
      }
      for (const [name, values] of Object.entries(shared.values())) {
        const within = afterPrefix(name, `${encoderName(0)}/`);
        if (within !== undefined) start[`${encoderName(m)}/${within}`] = values;
      }
    }
    return start;
  };
  return { startOf, [Symbol.asyncDispose]: close };
}

function afterPrefix(name: string, prefix: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}
