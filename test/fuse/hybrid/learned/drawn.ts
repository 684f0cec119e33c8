/** Networks of drawn weights, and what they hear. */
import { random } from '../../../../src/array/random.ts';
import type { LearnedModel } from '../../../../src/fuse/hybrid/learned/model.ts';
import type { Scoring } from '../../../../src/fuse/hybrid/scoring.ts';

/** A network of drawn weights. */
export function drawn(seed: number, { units = 5, poolTicks = 3 } = {}): LearnedModel {
  const draw = random(seed);
  const normals = (count: number) => Array.from({ length: count }, () => Math.fround(0.6 * draw.normal()));
  const features = ['heart', 'motion', 'clock'];
  return {
    features,
    stepSeconds: 15,
    poolTicks,
    units,
    mean: [900, 0.2, 0],
    sd: [100, 0.05, 1],
    input: normals(2 * features.length * 3 * units),
    inputBias: normals(3 * units),
    recurrent: normals(units * 3 * units),
    recurrentBias: normals(3 * units),
    head: normals(units),
    headBias: 0.25,
    enough: 0.3,
    prior: -3,
  };
}

/** Ticks of three features, each missing at a fifth of them, all of them for a while. */
export function drawnTicks(seed: number, ticks: number) {
  const draw = random(seed);
  const values = new Float32Array(ticks * 3);
  const heard = new Uint8Array(ticks * 3);
  for (let k = 0; k < ticks; k++) {
    const now = [900 + 150 * draw.normal(), 0.2 + 0.1 * draw.normal(), Math.sin(k / 50)];
    for (let j = 0; j < 3; j++) {
      if (draw.uniform() < 0.2 || (k > 40 && k < 50)) continue;
      values[3 * k + j] = now[j];
      heard[3 * k + j] = 1;
    }
  }
  return { values, heard, ticks };
}

export function stepped(scoring: Scoring, { values, heard, ticks }: ReturnType<typeof drawnTicks>): number[] {
  const state = new Float64Array(scoring.length);
  scoring.init(state);
  return Array.from({ length: ticks }, (_, k) => scoring.tick(state, 15_000 * k, values, heard, 3 * k));
}

/** Mean over a stretch of ticks, and the share of it in which each feature was heard. */
export function pooled({ values, heard }: ReturnType<typeof drawnTicks>, k: number, poolTicks: number) {
  const features = new Float32Array(3);
  const share = new Float32Array(3);
  for (let j = 0; j < 3; j++) {
    const at = Array.from({ length: poolTicks }, (_, back) => k - back).filter(
      (tick) => tick >= 0 && heard[3 * tick + j] === 1,
    );
    share[j] = at.length / poolTicks;
    if (at.length > 0) features[j] = at.reduce((sum, tick) => sum + values[3 * tick + j], 0) / at.length;
  }
  return { features, share };
}
