/** What is to be learned from which subjects, and the programs that do it. */
import type { Encoder } from '../../encode/encoder.ts';
import { compile, type Program } from '../../engine/compile/compile.ts';
import { add, mul } from '../../engine/ops/arithmetic.ts';
import { slice } from '../../engine/ops/layout.ts';
import { sum } from '../../engine/ops/reduction.ts';
import type { NamedValues } from '../../engine/session/runtime.ts';
import { constant, type Tensor } from '../../engine/tensor.ts';
import { adamW } from '../../engine/train/optimizer.ts';
import { compileTrainingStep, type TrainingProgram } from '../../engine/train/training-step.ts';
import { inOrder } from '../../engine/walk.ts';
import { type Design, encoderName } from './design.ts';
import { type Architecture, network } from './network.ts';
import type { Objective } from './objective.ts';
import type { NetworkOptions } from './options.ts';
import type { Reconstruction } from './reconstruction.ts';

export interface LearningProblem {
  readonly encoders: readonly Encoder[];
  readonly design: Design;
  readonly objective: Objective;
  readonly options: NetworkOptions;
  readonly step: TrainingProgram;
  readonly forward: Program;
  /** What is fed to train on some subjects, beside the design. */
  feed(rows: Int32Array): NamedValues;
}

export function architectureOf({ variant, width, heads, layers }: NetworkOptions, outputs: number): Architecture {
  return { variant, width, heads, layers, outputs };
}

export function forwardProgram(encoders: readonly Encoder[], architecture: Architecture): Program {
  return compile({ said: network(encoders, architecture).said });
}

export function learningProblem(
  encoders: readonly Encoder[],
  design: Design,
  objective: Objective,
  options: NetworkOptions,
  reconstruction?: Reconstruction,
  { frozen = false }: { readonly frozen?: boolean } = {},
): LearningProblem {
  const { auxiliary, weightDecay } = options;
  const architecture = architectureOf(options, objective.outputs);
  const { said, alone, tokens, present } = network(encoders, architecture, 'training');
  const everyone = add(mul(sum(present, 1, { keep: true }), 0), 1); // [batch, 1]
  const main = objective.loss(said, everyone);
  const own = alone.map((told, m) => objective.loss(told, slice(present, 1, m, m + 1)));
  const share = constant(auxiliary / Math.max(1, own.length));
  const losses = [
    main,
    ...(auxiliary > 0 && own.length > 1 ? [mul(own.reduce(add), share)] : []),
    ...(reconstruction ? [mul(reconstruction.loss(tokens), options.reconstruction)] : []),
  ];
  const loss = losses.reduce(add);
  const step = compileTrainingStep({
    loss,
    ...(frozen && { parameters: parametersBut(encoders, loss) }),
    optimizer: adamW({ weightDecay }),
    clipNorm: 1,
    decays: (name, shape) => shape.length > 1 && name.endsWith('/weight'),
  });
  const feed = (rows: Int32Array) => ({ ...objective.feed(rows), ...reconstruction?.feed(rows) });
  return { encoders, design, objective, options, step, forward: forwardProgram(encoders, architecture), feed };
}

/** All parameters of the loss but those of the encoders. */
function parametersBut(encoders: readonly Encoder[], loss: Tensor): Tensor[] {
  const prefixes = encoders.map((_, m) => `${encoderName(m)}/`);
  return inOrder([loss]).filter(
    ({ source }) => source.kind === 'parameter' && !prefixes.some((prefix) => source.name.startsWith(prefix)),
  );
}
