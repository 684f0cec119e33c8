/** Whether files may be written: asked before the work, so that it is not done in vain and nobody's file is lost. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { refuseInput } from './inputs.ts';
import { OutputError } from './output-error.ts';
import { checkFolder } from './output-folder.ts';
import { type Holding, isOurs } from './own-files.ts';

/** What stands in each file that goes into a folder; pages are made anew from the rest, and replaced unasked. */
const holdings: { readonly [name: string]: Holding | 'page' } = {
  'results.json': 'comparison',
  'predictions.csv': 'test predictions',
  'predictions.parquet': 'test predictions',
  'inspection.json': 'inspection',
  'report.html': 'page',
  'inspection.html': 'page',
};

/** @throws OutputError where the folder cannot be written, a file is among the inputs, or is there and is not ours */
export function checkOutputs(folder: string, names: readonly string[], inputs: readonly string[]): void {
  checkFolder(folder);
  for (const name of names) {
    const path = join(folder, name);
    refuseInput(path, inputs);
    refuseForeign(path, holdings[name], 'another folder, or that file moved away');
  }
}

/** @param expected what may be done about it */
export function refuseForeign(path: string, holding: Holding | 'page', expected: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) return;
  refuseOther(path, there);
  if (holding === 'page' || isOurs(path, holding)) return;
  throw new OutputError({ where: path, what: `is there and holds no ${holding} of ours`, expected });
}

/** Folders, devices and pipes are never replaced. */
export function refuseOther(path: string, there = statSync(path, { throwIfNoEntry: false })): void {
  if (!there || there.isFile()) return;
  const got = there.isDirectory() ? 'a folder' : 'a device or a pipe';
  throw new OutputError({ where: path, what: 'cannot be written', expected: 'a file', got });
}
