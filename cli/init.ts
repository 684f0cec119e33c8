import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { draftStudy, InputError } from '../src/index.ts';
import { notWritten } from './not-written.ts';

export interface InitFlags {
  readonly target?: string;
  readonly force?: boolean;
}

/** Drafts DIR/study.yaml; prints what was found, what is left to decide, and the next command. */
export async function init(folder: string, { target, force = false }: InitFlags): Promise<number> {
  const path = join(folder, 'study.yaml');
  if (!force && existsSync(path)) refuse(path);
  const { text, found, undecided } = await draftStudy(folder, { ...(target !== undefined && { target }) });
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') refuse(path, cause);
    throw notWritten(path, cause);
  }
  const shown = relative(process.cwd(), path) || path;
  const list = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}` : '';
  process.stdout.write(
    `Drafted ${shown}\n${list('Found', found)}${list('To decide', undecided)}
Read it through, above all what is left out and what is not, then:
  consilience compare ${/\s/.test(shown) ? JSON.stringify(shown) : shown}
`,
  );
  return 0;
}

function refuse(path: string, cause?: unknown): never {
  throw new InputError({ where: path, what: 'is there already', expected: '--force to replace it', cause });
}
