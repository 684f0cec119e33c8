/**
 * What a linear transform leaves unmatched: the shift that each part of the patient would still like to make. Of one patient's
 * head it is small wherever one looks; of two people's it is not, whatever the contrast.
 */
import type { Affine } from '../../array/grid.ts';
import { ascend } from './ascend.ts';
import { apartMm } from './distance.ts';
import type { Box } from './head-box.ts';
import { type Level, linearSlope } from './linear-climb.ts';
import { type LinearModel, stepped } from './linear-model.ts';
import type { Samples } from './samples.ts';

/** Of each part that has enough samples inside both images, mm; parts are thirds of the box along each direction. */
export async function localShifts(
  level: Level,
  model: LinearModel,
  transform: Affine,
  box: Box,
  pause?: () => Promise<void> | undefined,
): Promise<number[]> {
  const shifts: number[] = [];
  const model1: LinearModel = { ...model, name: 'translation' };
  for (const part of parts(level.samples, box)) {
    if (part.count < 200) continue;
    const climb = {
      at: linearSlope({ ...level, samples: part }, model1),
      moved: (state: Affine, step: Float64Array) => stepped(model1, state, step),
      lengthMm: (step: Float64Array) => Math.hypot(...step),
      firstMm: level.spacingMm / 2,
      longestMm: level.spacingMm,
      shortestMm: level.spacingMm * 0.02,
      iterations: 25,
      ...(pause && { pause }),
    };
    const { state } = await ascend(transform, climb);
    shifts.push(apartMm(state, transform, [box.centre]));
  }
  return shifts;
}

function parts(samples: Samples, { centre, frame, halfMm }: Box): Samples[] {
  const members: number[][] = [];
  for (let s = 0; s < samples.count; s++) {
    let part = 0;
    for (let axis = 0; axis < 3; axis++) {
      if (halfMm[axis] === 0) continue;
      const along =
        frame[axis] * (samples.x[s] - centre[0]) +
        frame[3 + axis] * (samples.y[s] - centre[1]) +
        frame[6 + axis] * (samples.z[s] - centre[2]);
      const third = Math.floor((along / halfMm[axis] + 1) * 1.5);
      if (third < 0 || third > 2) {
        part = -1;
        break;
      }
      part = part * 3 + third;
    }
    if (part < 0) continue;
    members[part] ??= [];
    members[part].push(s);
  }
  return members.filter(Boolean).map((list) => ({
    count: list.length,
    x: Float64Array.from(list, (s) => samples.x[s]),
    y: Float64Array.from(list, (s) => samples.y[s]),
    z: Float64Array.from(list, (s) => samples.z[s]),
    values: Float32Array.from(list, (s) => samples.values[s]),
    row: Uint16Array.from(list, (s) => samples.row[s]),
  }));
}
