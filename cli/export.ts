import { readFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { type ExportDescription, engine, exportModel, InputError, loadModel } from '../src/index.ts';
import { refuseOther } from './check-outputs.ts';
import { refuseInput } from './inputs.ts';
import { checkFolder } from './output-folder.ts';
import { replaceFile } from './replace-file.ts';

export interface ExportFlags {
  readonly out: string;
  readonly json?: boolean;
  readonly force?: boolean;
}

/** Writes the networks of a model as ONNX; prints what they are fed, or its description as JSON. */
export async function exportNetworks(path: string, { out, json = false, force = false }: ExportFlags): Promise<number> {
  if (!out.endsWith('.onnx')) {
    throw new InputError({ where: `--out ${out}`, what: 'not an ONNX file by its name', expected: 'NAME.onnx' });
  }
  checkFolder(dirname(out), `--out ${out}`);
  refuseOther(out);
  refuseInput(out, [path]);
  if (!force) await refuseNoProgram(out);
  const { onnx, description } = await exportModel(await loadModel(path));
  await replaceFile(out, onnx);
  process.stdout.write(json ? `${JSON.stringify(description, null, 1)}\n` : told(onnx, description, out));
  return 0;
}

/** An exported file may be replaced by the next; anything else is not ours to lose. */
async function refuseNoProgram(path: string): Promise<void> {
  const there = await readFile(path).catch(() => undefined);
  if (!there) return;
  try {
    await engine.openProgram(there, path);
  } catch (cause) {
    throw new InputError({
      where: path,
      what: 'is there and was not exported',
      expected: '--force to replace it',
      cause,
    });
  }
}

function told(onnx: Uint8Array, { strategy, present, inputs }: ExportDescription, out: string): string {
  return [
    `${relative(process.cwd(), out) || out}: ${strategy}, ${onnx.byteLength} bytes`,
    ...Object.entries(inputs).map(([name, { modality, mask, columns }]) => {
      const what = columns ? `${columns.length} prepared columns` : 'encoded values';
      return `  ${name}: ${mask ? `which of the ${what} were measured, of` : `${what} of`} ${modality}`;
    }),
    `  present: 1 where a subject has ${present.join(', ')}, else 0`,
    '',
  ].join('\n');
}
