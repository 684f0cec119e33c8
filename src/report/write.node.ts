import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * Writes files into a folder all or nothing: first into a folder beside it, then moved. What an interruption leaves is the
 * folder as it was.
 */
export async function writeAll(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  const target = resolve(folder);
  await mkdir(dirname(target), { recursive: true });
  const draft = await mkdtemp(join(dirname(target), '.consilience-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(draft, name), content);
    await mkdir(target, { recursive: true });
    const written: string[] = [];
    for (const name of Object.keys(files)) {
      await rename(join(draft, name), join(target, name));
      written.push(join(target, name));
    }
    return written;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
