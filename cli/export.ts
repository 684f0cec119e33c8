import { dirname, relative } from 'node:path';
import { type ExportDescription, exportModel, InputError, loadModel } from '../src/index.ts';
import { checkFolder } from './output-folder.ts';
import { replaceFile } from './replace-file.ts';

export interface ExportFlags {
  readonly out: string;
  readonly json?: boolean;
}

/** Writes the networks of a model as ONNX; prints what they are fed, or its description as JSON. */
export async function exportNetworks(path: string, { out, json = false }: ExportFlags): Promise<number> {
  if (!out.endsWith('.onnx')) {
    throw new InputError({ where: `--out ${out}`, what: 'not an ONNX file by its name', expected: 'NAME.onnx' });
  }
  checkFolder(dirname(out), `--out ${out}`);
  const { onnx, description } = await exportModel(await loadModel(path));
  await replaceFile(out, onnx);
  process.stdout.write(json ? `${JSON.stringify(description, null, 1)}\n` : told(onnx, description, out));
  return 0;
}

function told(onnx: Uint8Array, { strategy, present, inputs }: ExportDescription, out: string): string {
  return [
    `${relative(process.cwd(), out) || out}: ${strategy}, ${onnx.byteLength} bytes`,
    ...Object.entries(inputs).map(
      ([name, { modality, columns }]) =>
        `  ${name}: ${columns ? `${columns.length} prepared columns` : 'encoded values'} of ${modality}`,
    ),
    `  present: 1 where a subject has ${present.join(', ')}, else 0`,
    '',
  ].join('\n');
}
