/** Two made-up scans of one kind of head, a .nii.gz of one of them and a rigid move, drawn from a seed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNifti } from '../../dist/src/index.js';

const means = [0, 60, 120, 180];
const sds = [0, 8, 10, 8];

/** Blocks of tissue with noise; the second scanner reads 1.2 times as high. */
function scan(side, seed, gain) {
  const uniform = mulberry(seed);
  const values = new Float32Array(side ** 3);
  for (let at = 0; at < values.length; at += 8) {
    const draw = uniform();
    const tissue = draw < 0.55 ? 0 : draw < 0.65 ? 1 : draw < 0.85 ? 2 : 3;
    for (let b = 0; b < 8; b++) {
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      values[at + b] = Math.max(0, gain * (means[tissue] + sds[tissue] * normal));
    }
  }
  return values;
}

function mulberry(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function writeInputs(folder, side) {
  for (const [name, seed, gain] of [
    ['a', 1, 1],
    ['b', 2, 1.2],
  ]) {
    const values = scan(side, seed, gain);
    writeFileSync(join(folder, `${name}.float32`), values);
    writeFileSync(
      join(folder, `${name}.uint8`),
      Uint8Array.from(values, (value) => Math.min(255, value)),
    );
    const wide = Int16Array.from(values, (value) => 10 * value);
    writeFileSync(join(folder, `${name}.int16`), wide);
    if (name === 'a') writeFileSync(join(folder, 'scan.nii.gz'), nifti(wide, side));
  }
  // About the middle, a few degrees and voxels.
  const [c, s] = [Math.cos(0.1), Math.sin(0.1)];
  const middle = (side - 1) / 2;
  const matrix = [c, -s, 0, middle * (1 - c + s) + 3.3, s, c, 0, middle * (1 - c - s) - 2.1, 0, 0, 1, 1.7, 0, 0, 0, 1];
  writeFileSync(join(folder, 'inputs.json'), JSON.stringify({ side, matrix }));
}

function nifti(data, side) {
  const affine = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  const shape = [side, side, side];
  return writeNifti({ shape, affine, data, frames: 1, channels: 1, dimensions: 3, placed: true }, { gzip: true });
}
