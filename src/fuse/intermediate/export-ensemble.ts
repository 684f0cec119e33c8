/** The networks of an ensemble as one ONNX graph: prepared values in, opinions out. */
import type { Encoder } from '../../encode/encoder.ts';
import { compile, type Program } from '../../engine/compile/compile.ts';
import { withValues } from '../../engine/compile/with-values.ts';
import { add, div, mul, sub } from '../../engine/ops/arithmetic.ts';
import { softmax } from '../../engine/ops/reduction.ts';
import type { Tensor } from '../../engine/tensor.ts';
import type { EnsembleState, Member } from './members.ts';
import { network } from './network.ts';
import type { Telling } from './objective.ts';

/** The name of what comes out: opinions `[batch, outputs]`. */
export const opinionName = 'opinion';

/** As `ensemble` tells opinions, the mean over networks in the graph itself. */
export function ensembleProgram(
  encoders: readonly Encoder[],
  members: readonly Member[],
  { architecture, telling, zeros, scale }: EnsembleState,
): Program {
  const { said } = network(encoders, architecture, 'prediction');
  const opinions = members.map((member, k) => sub(toldIn(telling, withValues(said, member)), zeros[k]));
  return compile({ [opinionName]: div(opinions.reduce(add), members.length * scale) });
}

/** As `told`, of tensors. */
function toldIn(telling: Telling, said: Tensor): Tensor {
  if (telling.kind === 'softmax') return softmax(said);
  return telling.kind === 'risk' ? said : add(mul(said, telling.sd), telling.mean);
}
