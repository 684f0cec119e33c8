/** How far registrations of the shared data are from the truth, and what they say of it themselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {Promise<Record<string, number>>} */
export async function measure({ readImageFile, register, transformPoints }, shared) {
  const read = (path) => readImageFile(join(shared, 'data', path));
  const slice = (name) => read(`itk-registration-2d/Brain${name}.png`);
  const shift = async (fixed, model) => {
    const moving = await slice('ProtonDensitySliceShifted13x17y');
    return (await register(await slice(fixed), moving, { model })).transform.matrix;
  };
  const turn = async (fixed) => {
    const { transform } = await register(await slice(fixed), await slice('ProtonDensitySliceR10X13Y17'));
    const m = transform.matrix;
    const [x, y] = [110.5, 128.5]; // the centre that the truth turns about
    return {
      angle: Math.atan2(m[4], m[0]),
      off: Math.hypot(m[0] * x + m[1] * y + m[3] - x - 13, m[4] * x + m[5] * y + m[7] - y - 16),
    };
  };
  const off = (m) => Math.hypot(m[3] - 13, m[7] - 17);
  const one = await turn('ProtonDensitySliceBorder20');
  const two = await turn('T1SliceBorder20');
  const head = await headOf(read, { register, transformPoints }, shared);
  return {
    'shift, one contrast: px off': off(await shift('ProtonDensitySliceBorder20', 'translation')),
    'shift, two contrasts: px off': off(await shift('T1SliceBorder20', 'translation')),
    'turn, one contrast: rad': one.angle,
    'turn, one contrast: px off': one.off,
    'turn, two contrasts: rad': two.angle,
    'turn, two contrasts: px off': two.off,
    'T1 to PD: mm from the silver standard': head.errorMm,
    'T1 to PD: estimated error, mm': head.estimatedErrorMm,
  };
}

async function headOf(read, { register, transformPoints }, shared) {
  const silver = JSON.parse(readFileSync(join(shared, 'data/chris-t1-pd-mra/silver-standard.json'), 'utf8'));
  const [t1, pd] = await Promise.all(['t1', 'PD'].map((name) => read(`chris-t1-pd-mra/chris_${name}.nii.gz`)));
  const { transform, estimatedErrorMm } = await register(t1, pd);
  const moved = transformPoints(transform, Float64Array.from(silver.controlPointsT1RAS.flat()));
  const distances = silver.controlPointsPDRAS.map(([x, y, z], p) =>
    Math.hypot(moved[3 * p] - x, moved[3 * p + 1] - y, moved[3 * p + 2] - z),
  );
  return { errorMm: distances.reduce((sum, mm) => sum + mm, 0) / distances.length, estimatedErrorMm };
}
