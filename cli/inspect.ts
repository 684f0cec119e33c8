import { relative } from 'node:path';
import { inspectionJson, inspectStudy, renderInspection, renderInspectionText, writeAll } from '../src/index.ts';
import { checkOutputs } from './check-outputs.ts';
import { inputsOfStudy } from './inputs.ts';
import { checkFolder } from './output-folder.ts';

export interface InspectFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Looks at a study; prints the cards, or the JSON; with a folder, writes inspection.html and inspection.json there. */
export async function inspect(study: string, { out, json = false }: InspectFlags): Promise<number> {
  if (out !== undefined) checkFolder(out);
  const inspection = await inspectStudy(study, {
    loaded: (loaded) => {
      if (out !== undefined)
        checkOutputs(out, ['inspection.json', 'inspection.html'], inputsOfStudy(study, loaded.study));
    },
  });
  const text = inspectionJson(inspection);
  const written =
    out === undefined
      ? []
      : await writeAll(out, { 'inspection.json': text, 'inspection.html': renderInspection(inspection) });
  if (json) process.stdout.write(text);
  else {
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    process.stdout.write(`${renderInspectionText(inspection, { color, width: process.stdout.columns || 100 })}\n\n`);
    for (const file of written) process.stdout.write(`Written: ${relative(process.cwd(), file)}\n`);
    process.stdout.write('Research use, not a medical device.\n');
  }
  return 0;
}
