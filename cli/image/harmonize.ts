import { basename, join } from 'node:path';
import {
  type DistortionReport,
  distortionWords,
  type FittedScanHarmonizer,
  type ForegroundRule,
  foregroundMask,
  type HarmonizedScan,
  InputError,
  openScanHarmonizer,
  readImageFile,
  type ScanNumbers,
  saveScanHarmonizer,
  scanHarmonizers,
  scanNumbers,
  type Volume,
  writeAll,
  writeNifti,
} from '../../src/index.ts';
import { progressBar } from '../progress.ts';
import { replaceFile } from '../replace-file.ts';
import { besideScan, relationOf } from './beside.ts';
import { goOn, interruptible } from './interruption.ts';
import { checkOutput } from './outputs.ts';
import { readScan } from './together.ts';
import { textOf } from './transform-of.ts';
import { shortNumber, shown } from './words.ts';

type Method = keyof typeof scanHarmonizers;

export interface HarmonizeFlags {
  readonly out?: string;
  readonly method?: Method;
  readonly mask?: ForegroundRule;
  readonly train?: readonly string[];
  readonly apply?: readonly string[];
  /** Scans of another modality at the same places, one for each that is harmonized. */
  readonly beside?: readonly string[];
  readonly with?: string;
  readonly save?: string;
  readonly json?: boolean;
  readonly force?: boolean;
}

/** Of a scan, before and after; of the voxels that count. */
interface Harmonized {
  readonly file: string;
  readonly output: string;
  readonly voxels: number;
  readonly before: ScanNumbers;
  readonly after: ScanNumbers;
}

/** Learns a harmonizer from training scans, or opens one, and applies it to scans; prints what it did to each. */
export async function harmonize(flags: HarmonizeFlags): Promise<number> {
  const { out, train = [], apply = train, save, json = false, force = false } = flags;
  checkAsked(flags);
  const outputs = out === undefined ? [] : outputsOf(apply, out);
  const inputs = [
    ...new Set([...train, ...apply, ...(flags.beside ?? []), ...(flags.with === undefined ? [] : [flags.with])]),
  ];
  for (const path of outputs) checkOutput(path, ['.nii.gz'], inputs, force, `--out ${out}`);
  if (out !== undefined) checkOutput(join(out, summary), ['.json'], inputs, force, `--out ${out}`);
  if (save !== undefined) checkOutput(save, ['.json'], inputs, force, `--save ${save}`);
  return interruptible(async (signal) => {
    const bar = progressBar('harmonizing');
    try {
      const steps = (flags.with === undefined ? train.length : 0) + (out === undefined ? 0 : apply.length);
      let done = 0;
      const step = async () => {
        bar.update(done++, steps);
        await goOn(signal, 'image harmonize');
      };
      const fitted = await harmonizerOf(flags, step);
      const mask = flags.mask ?? maskOf(fitted);
      const files: Record<string, Uint8Array | string> = {};
      const told: Harmonized[] = [];
      const related: HarmonizedScan[] = [];
      for (const [at, path] of outputs.entries()) {
        await step();
        const one = await harmonized(fitted, apply[at], mask);
        if (flags.beside) {
          const other = await readScan(flags.beside[at]);
          related.push(besideScan({ file: apply[at], volume: one.volume }, one.data, one.mask, other, apply.length));
        }
        files[basename(path)] = one.bytes;
        told.push({ file: apply[at], output: path, voxels: one.voxels, before: one.before, after: one.after });
      }
      const relation = related.length > 0 ? relationOf(related) : undefined;
      bar.stop();
      const { kind } = fitted.save();
      const result = {
        kind: 'harmonization',
        version: 1,
        method: kind,
        mask,
        training: train,
        scans: told,
        ...(relation && { relation }),
      };
      if (out !== undefined) await writeAll(out, { ...files, [summary]: `${JSON.stringify(result, null, 1)}\n` });
      if (save !== undefined) await replaceFile(save, saveScanHarmonizer(fitted));
      process.stdout.write(json ? `${JSON.stringify(result, null, 1)}\n` : inWords(told, kind, relation, flags));
      return 0;
    } finally {
      bar.stop();
    }
  });
}

const summary = 'harmonization.json';

function checkAsked({ method, mask, train = [], apply = [], beside, with: map, save, out }: HarmonizeFlags): void {
  const where = 'image harmonize';
  const refuse = (what: string, expected: string) => new InputError({ where, what, expected });
  if (map === undefined && (method === undefined || train.length === 0)) {
    throw refuse('nothing to harmonize by', '--method METHOD --train SCAN..., or --with MAP.json');
  }
  if (map !== undefined && (method !== undefined || mask !== undefined || train.length > 0 || save !== undefined)) {
    throw refuse(
      'a map is learned already',
      '--with MAP.json --apply SCAN... without --method, --mask, --train, --save',
    );
  }
  if (map !== undefined && apply.length === 0) throw refuse('no scan to harmonize', '--apply SCAN...');
  const many = apply.length || train.length;
  if (beside && (out === undefined || beside.length !== many)) {
    throw refuse('--beside', `one scan for each of the ${many} that are harmonized into -o DIR, in the same order`);
  }
  if (out === undefined && (save === undefined || apply.length > 0)) {
    throw refuse('no place for the scans', '-o DIR, or --save MAP.json without --apply');
  }
}

const endings = /\.(?:nii|hdr|img|mgh|mgz|nrrd|nhdr|mha|mhd|dcm|png|tiff?|jpe?g)$/i;

/** Names of the scans, whatever they end in; those of one name in two folders would write over each other. */
function outputsOf(files: readonly string[], folder: string): string[] {
  const paths = files.map((file) => {
    const name = basename(file).replace(/\.gz$/i, '').replace(endings, '');
    return join(folder, `${['', '.', '..'].includes(name) ? 'scan' : name}.nii.gz`);
  });
  const twice = paths.findIndex((path, at) => paths.indexOf(path) !== at);
  if (twice < 0) return paths;
  const got = `${files[paths.indexOf(paths[twice])]} and ${files[twice]}`;
  throw new InputError({ where: 'image harmonize', what: 'two scans of one name', expected: 'names that differ', got });
}

async function harmonizerOf(flags: HarmonizeFlags, step: () => Promise<void>): Promise<FittedScanHarmonizer> {
  const { with: map, method, mask, train = [] } = flags;
  if (map !== undefined) return openScanHarmonizer(await textOf(map, 'a map that --save wrote'), basename(map));
  const scans: Volume[] = [];
  for (const file of train) {
    await step();
    scans.push(await readImageFile(file));
  }
  const estimator = scanHarmonizers[method as Method](mask === undefined ? {} : { mask });
  return inFiles(train, () => estimator.fit(scans, undefined, { seed: 0 }));
}

/** By which rule voxels count. */
function maskOf(fitted: FittedScanHarmonizer): ForegroundRule {
  return (fitted.save().state as { readonly mask: ForegroundRule }).mask;
}

async function harmonized(fitted: FittedScanHarmonizer, file: string, mask: ForegroundRule) {
  const volume = await readImageFile(file);
  return inFiles([file], async () => {
    const [scan] = await fitted.apply([volume]);
    const counts = foregroundMask(volume, mask);
    const [before, after] = [numbersWithin(volume, counts), numbersWithin(scan, counts)];
    const voxels = counts.reduce((sum, one) => sum + one, 0);
    const bytes = writeNifti({ ...volume, data: Float32Array.from(scan.data) }, { gzip: true });
    return { volume, data: scan.data, mask: counts, bytes, voxels, before, after };
  });
}

function numbersWithin({ data }: Pick<Volume, 'data'>, mask: Uint8Array): ScanNumbers {
  const numbers = scanNumbers({ data: Float64Array.from(data).filter((_, at) => mask[at]) });
  if (!numbers) throw new InputError({ where: 'image harmonize', what: 'no voxel counts', expected: 'another --mask' });
  return numbers;
}

/** Errors of harmonizers count scans; here they have names. */
async function inFiles<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    const at = Number(/scan (\d+) of/.exec(cause.message)?.[1] ?? 1) - 1;
    const name = basename(files[at] ?? files[0]);
    throw new InputError({ where: name, what: cause.message, cause });
  }
}

function inWords(
  told: readonly Harmonized[],
  kind: string,
  relation: DistortionReport | undefined,
  { save, out, train = [] }: HarmonizeFlags,
): string {
  const learned =
    train.length > 0 ? `${kind}, learned from ${train.length} ${train.length > 1 ? 'scans' : 'scan'}` : kind;
  const lines = [learned];
  const numbers = ({ mean, sd, percentiles: [p1, , p50, , p99] }: ScanNumbers) =>
    [mean, sd, p1, p50, p99].map((value) => (Math.abs(value) < 1e-9 * sd ? 0 : value));
  const rows = told.flatMap(({ output, before, after }) => [
    [shown(output), 'before', ...numbers(before).map(figure)],
    ['', 'after', ...numbers(after).map(figure)],
  ]);
  if (rows.length > 0) {
    const table = [['', '', 'mean', 'sd', '1 %', '50 %', '99 %'], ...rows];
    const wide = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
    const line = (row: readonly string[]) =>
      row.map((cell, column) => (column < 2 ? cell.padEnd(wide[column]) : cell.padStart(wide[column]))).join('  ');
    lines.push(...table.map(line));
  }
  if (relation) lines.push(...distortionWords(relation));
  if (save !== undefined) lines.push(`${shown(save)}: what was learned`);
  if (out !== undefined) lines.push(`Scans and ${summary} in ${shown(out)}`);
  return `${lines.join('\n')}\n`;
}

function figure(value: number): string {
  return shortNumber(Number(value.toPrecision(4)));
}
