/**
 * Gated multimodal units (Arevalo et al. 2017, section 3, for any number of modalities): each modality speaks through a tanh,
 * and a gate that hears all of them says for each number of it how much of it to let pass.
 */
import { dense } from '../../../engine/layer/dense.ts';
import { glorotUniform } from '../../../engine/layer/initializers.ts';
import { mul, sigmoid, tanh } from '../../../engine/ops/arithmetic.ts';
import { concat } from '../../../engine/ops/layout.ts';
import { meanOfPresent } from './pool.ts';
import type { Variant } from './variant.ts';

export const gated: Variant = ({ tokens, present, mean }, { width }) => {
  const vectors = tokens.map((own, m) => mul(mean(own, m), present[m])); // [batch, width]
  const heard = concat([...vectors, ...present], 1);
  const inputs = heard.shape[1] as number;
  const passed = vectors.map((vector, m) => {
    const said = tanh(dense(`gated ${m}/said`, width, width, { initial: glorotUniform })(vector));
    const gate = sigmoid(dense(`gated ${m}/gate`, inputs, width, { initial: glorotUniform })(heard));
    return mul(gate, said);
  });
  return { fused: meanOfPresent(passed, present), attention: [] };
};
