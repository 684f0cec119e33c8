/** A study small enough to run in a blink: 40 subjects, two modalities, two classes, drawn from a seed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { random } from '../../src/array/random.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A new folder with these files in it, removed when the test ends. */
export function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

export const subjects: readonly string[] = Array.from({ length: 40 }, (_, i) => `s${String(i + 1).padStart(2, '0')}`);

/** Lines of a table: a header, and a row for each subject. */
export function table(header: string, row: (id: string, i: number) => string, ids = subjects): string {
  return `${[header, ...ids.map((id, i) => `${id},${row(id, i)}`)].join('\n')}\n`;
}

const draw = random(7);
const noise = subjects.map(() => Array.from({ length: 6 }, () => draw.normal()));
const ill = (i: number) => i % 2; // the odd ones

/** Files of the study; those given replace or join them. */
export function smallFiles(more: Files = {}): Files {
  return {
    'labels.csv': table('id,ill', (_, i) => `${ill(i)}`),
    'rna.csv': table('id,g1,g2,g3', (_, i) =>
      noise[i]
        .slice(0, 3)
        .map((z, g) => (z + (g === 0 ? ill(i) : 0)).toFixed(3))
        .join(),
    ),
    'clinical.csv': table('id,age,sex,marker', (_, i) =>
      [
        Math.round(60 + 9 * noise[i][3]),
        noise[i][4] > 0 ? 'male' : 'female',
        (noise[i][5] + 2 * ill(i)).toFixed(3),
      ].join(),
    ),
    'study.yaml': study(),
    ...more,
  };
}

/** The study file; `protocol` is short so that nothing takes long. */
export function study({
  modalities = '  rna: rna.csv\n  clinical: clinical.csv',
  target = 'labels.csv',
  protocol = '{ folds: 3, repeats: 1, inner: 3 }',
  more = '',
}: {
  modalities?: string;
  target?: string;
  protocol?: string;
  more?: string;
} = {}): string {
  return `target: ${target}\nmodalities:\n${modalities}\nprotocol: ${protocol}\n${more}`;
}
