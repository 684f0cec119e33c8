/**
 * The work of `npm run bench -- images TASK` by Consilience: `node ours.mjs TASK FOLDER RUNS` prints JSON, as
 * incumbents.py does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { matchHistogram, nyul, readImageFile, resample } from '../../dist/src/index.js';

const [task, folder, runs] = process.argv.slice(2);
const { side, matrix } = JSON.parse(readFileSync(join(folder, 'inputs.json'), 'utf8'));
const types = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array };

function numbers(name) {
  const bytes = readFileSync(join(folder, name));
  const Type = types[name.split('.')[1]];
  return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const tasks = {
  read: () => async () => (await readImageFile(join(folder, 'scan.nii.gz'))).data,
  resample() {
    const affine = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    const stored = { format: 'made', type: 'float32', slope: 1, intercept: 0 };
    const data = numbers('a.float32');
    const whole = { frames: 1, channels: 1, dimensions: 3, placed: true, stored, warnings: [] };
    const scan = { shape: [side, side, side], affine, data, ...whole };
    const transform = { kind: 'affine', model: 'rigid', matrix: Float64Array.from(matrix) };
    return async () => resample(scan, scan, { transform }).volume.data;
  },
  histogram(kind) {
    const [source, reference] = [`a.${kind}`, `b.${kind}`].map((name) => ({ data: numbers(name) }));
    return async () => matchHistogram(source, reference);
  },
  nyul(kind) {
    const scans = [`a.${kind}`, `b.${kind}`].map((name) => ({ data: numbers(name) }));
    return async () => (await (await nyul().fit(scans, undefined, { seed: 0 })).apply([scans[0]]))[0].data;
  },
};

const [name, kind] = task.split('-');
const work = tasks[name](kind);
const seconds = [];
let result;
for (let run = 0; run < Number(runs); run++) {
  const started = performance.now();
  result = await work();
  seconds.push((performance.now() - started) / 1000);
}
const told = [];
for (let at = 0; at < side ** 3; at += 9973) told.push(result[at]);
process.stdout.write(JSON.stringify({ program: 'consilience', seconds, numbers: told }));
