import { InputError } from '../../errors.ts';
import { isSpread, type MeanAndSd } from '../z-score-map.ts';
import { isSmallInteger, tableOf } from './count-table.ts';
import { constantScan, type Voxels } from './voxels.ts';

/** Mean and standard deviation (divided by n) of the voxels that count. */
export function momentsOf({ values, mask, count }: Voxels): MeanAndSd {
  let sum = 0;
  let squares = 0;
  if (isSmallInteger(values)) {
    const { counts, lowest } = tableOf(values, mask);
    for (let k = 0; k < counts.length; k++) sum += counts[k] * (lowest + k);
    const mean = sum / count;
    for (let k = 0; k < counts.length; k++) squares += counts[k] * (lowest + k - mean) ** 2;
    return { mean, sd: Math.sqrt(squares / count) };
  }
  for (let i = 0; i < values.length; i++) if (!mask || mask[i]) sum += values[i];
  const mean = sum / count;
  for (let i = 0; i < values.length; i++) if (!mask || mask[i]) squares += (values[i] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / count) };
}

/** @throws InputError where the voxels are all of one value */
export function spreadOf(voxels: Voxels): MeanAndSd {
  const moments = momentsOf(voxels);
  if (isSpread(moments)) return moments;
  throw constantScan(voxels.where, moments.mean);
}

/** Mean and standard deviation of the voxels of all scans together, one scan at a time (Chan, Golub and LeVeque 1979). */
export function pooledMoments(scans: Iterable<Voxels>): MeanAndSd {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let where = '';
  for (const voxels of scans) {
    const own = momentsOf(voxels);
    const apart = own.mean - mean;
    const all = count + voxels.count;
    mean += (apart * voxels.count) / all;
    squares += own.sd ** 2 * voxels.count + (apart ** 2 * count * voxels.count) / all;
    count = all;
    where = voxels.where;
  }
  const pooled = { mean, sd: Math.sqrt(squares / count) };
  if (isSpread(pooled)) return pooled;
  throw new InputError({ where, what: 'constant training scans', expected: 'two or more values', got: `${mean}` });
}
