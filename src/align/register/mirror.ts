/**
 * Whether the moving image would fit better left for right. A head is nearly its own mirror image, so a mirrored one registers
 * without complaint; only the other hand tells.
 */
import type { Affine } from '../../array/grid.ts';
import type { Slope } from './ascend.ts';
import { climbLinear, type Level } from './linear-climb.ts';
import type { LinearModel } from './linear-model.ts';

/** The best metric of a mirrored transform divided by that reached. */
export async function mirrorRatio(level: Level, model: LinearModel, reached: Slope<Affine>): Promise<number> {
  const best = await bestMirrored(level, model, reached.state);
  return best.value / reached.value;
}

/** Of those across each plane through the head's centre. */
export async function bestMirrored(
  level: Level,
  model: LinearModel,
  reached: Affine,
  pause?: () => Promise<void> | undefined,
): Promise<Slope<Affine>> {
  const loose: LinearModel = { ...model, name: model.name === 'translation' ? 'rigid' : model.name };
  const found: Slope<Affine>[] = [];
  for (let axis = 0; axis < model.dimensions; axis++) {
    found.push(await climbLinear(level, loose, mirrored(reached, model, axis), pause));
  }
  return found.reduce((best, one) => (one.value > best.value ? one : best));
}

/** First the mirror across the plane through the centre, then the transform. */
export function mirrored(transform: Affine, { frame, centre }: LinearModel, axis: number): Affine {
  const n = [frame[axis], frame[3 + axis], frame[6 + axis]];
  const out = transform.slice();
  const along = n[0] * centre[0] + n[1] * centre[1] + n[2] * centre[2];
  for (let r = 0; r < 3; r++) {
    const image = transform[r * 4] * n[0] + transform[r * 4 + 1] * n[1] + transform[r * 4 + 2] * n[2];
    for (let c = 0; c < 3; c++) out[r * 4 + c] -= 2 * image * n[c];
    out[r * 4 + 3] += 2 * image * along;
  }
  return out;
}
