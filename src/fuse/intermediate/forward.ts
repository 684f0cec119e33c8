/** What a trained network says of subjects. */
import { type Matrix, zeros } from '../../array/matrix.ts';
import type { Session } from '../../engine/session/session.ts';
import { type Design, feedOf } from './design.ts';

const subjectsAtOnce = 256;
const numbersAtOnce = 2 ** 24; // fed, so that images do not take all memory

function atOnceOf({ inputs }: Design): number {
  const each = inputs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return Math.max(1, Math.min(subjectsAtOnce, Math.floor(numbersAtOnce / Math.max(1, each))));
}

/** [rows, outputs], by the parameters that the session uses. */
export async function saidOf(
  session: Session,
  design: Design,
  rows: Int32Array,
  outputs: number,
): Promise<Matrix<Float64Array>> {
  const out = zeros(rows.length, outputs);
  const atOnce = atOnceOf(design);
  for (let at = 0; at < rows.length; at += atOnce) {
    const { said } = await session.run(feedOf(design, rows.subarray(at, at + atOnce)));
    out.data.set(said.data, at * outputs);
  }
  return out;
}
