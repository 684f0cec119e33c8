/** What a trained network says of subjects. */
import { type Matrix, zeros } from '../../array/matrix.ts';
import type { Session } from '../../engine/session/session.ts';
import { type Design, feedOf } from './design.ts';

const atOnce = 256; // subjects

/** [rows, outputs], by the parameters that the session uses. */
export async function saidOf(
  session: Session,
  design: Design,
  rows: Int32Array,
  outputs: number,
): Promise<Matrix<Float64Array>> {
  const out = zeros(rows.length, outputs);
  for (let at = 0; at < rows.length; at += atOnce) {
    const { said } = await session.run(feedOf(design, rows.subarray(at, at + atOnce)));
    out.data.set(said.data, at * outputs);
  }
  return out;
}
