/**
 * T1 to proton density of the volunteer in the shared data, from random starts: does the estimated error cover the true one,
 * and how wide is it? Nothing was fixed on this pair.
 *
 *     npx tsx bench/registration/starts.ts [starts, default 50]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rotationOf } from '../../src/align/register/linear-model.ts';
import { register } from '../../src/align/register/register.ts';
import { transformPoints } from '../../src/align/space/transform.ts';
import { identityAffine } from '../../src/array/grid.ts';
import { random } from '../../src/array/random.ts';
import { readImageFile } from '../../src/read/image-file.node.ts';
import { wilson } from '../../src/score/wilson.ts';

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/chris-t1-pd-mra');
const silver = JSON.parse(readFileSync(join(folder, 'silver-standard.json'), 'utf8'));
const [t1, pd] = await Promise.all(
  ['chris_t1', 'chris_PD'].map((name) => readImageFile(join(folder, `${name}.nii.gz`))),
);
const points = Float64Array.from(silver.controlPointsT1RAS.flat());
const truth: number[] = silver.controlPointsPDRAS.flat();
const starts = Number(process.argv[2] ?? 50);
const draw = random(1);
const errors: number[] = [];
const estimates: number[] = [];
let refused = 0;
for (let at = 0; at < starts; at++) {
  const within = (most: number) => (2 * draw.uniform() - 1) * most;
  const rotation = rotationOf([0, 1, 2].map(() => within(15 / Math.sqrt(3)) * (Math.PI / 180)));
  const matrix = identityAffine();
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) matrix[r * 4 + c] = rotation[r * 3 + c];
    matrix[r * 4 + 3] = within(15 / Math.sqrt(3));
  }
  const start = { kind: 'affine', model: 'rigid', matrix } as const;
  const { transform, estimatedErrorMm, reasons } = await register(t1, pd, { start, seed: at, refuse: false });
  const moved = transformPoints(transform, points);
  let error = 0;
  for (let p = 0; p < moved.length; p += 3) {
    error += Math.hypot(moved[p] - truth[p], moved[p + 1] - truth[p + 1], moved[p + 2] - truth[p + 2]) / 8;
  }
  errors.push(error);
  estimates.push(estimatedErrorMm);
  if (reasons.length > 0) refused++;
  console.log(
    `${at + 1}: error ${error.toFixed(3)} mm, estimated ${estimatedErrorMm.toFixed(3)} mm ${reasons.join('; ')}`,
  );
}
const covered = errors.filter((error, at) => error <= estimates[at]).length;
const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
console.log(`covered ${covered} of ${starts} (95 % interval ${JSON.stringify(wilson(covered, starts))})`);
console.log(
  `median error ${median(errors).toFixed(3)} mm, estimated ${median(estimates).toFixed(3)} mm, refused ${refused}`,
);
