/** What the structure tests look at: the files of the repository and who imports whom. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export function read(path: string): string {
  return readFileSync(root + path, 'utf8');
}

/** All files below a folder, relative to the repository, with forward slashes; none where the folder is not there. */
export function filesIn(folder: string): string[] {
  if (!existsSync(root + folder)) return [];
  const found = readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
  return found.sort();
}

/** The sources that ship: the library, the command line, the studio. */
export function sources(): string[] {
  return ['src', 'cli', 'studio'].flatMap(filesIn).filter((path) => /\.tsx?$/.test(path));
}

/** Every file that is, or would be, in the repository: tracked ones and new ones that git does not ignore. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(root + path)).sort();
}

/** The modules a source names: `import`, `export ... from`, and `import()` with a literal. */
export function specifiers(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const named = /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...code.matchAll(named)].map((match) => match[1] ?? match[2]);
}

/** A file, or one for each place where code runs. */
type Alias = string | Readonly<Record<string, string>>;

export const aliases: Readonly<Record<string, Alias>> = JSON.parse(read('package.json')).imports ?? {};

/** The repository file behind a specifier, or undefined for a package. Of twins, the one for browsers. */
export function resolved(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  if (!specifier.startsWith('#')) return undefined;
  const alias = aliases[specifier];
  const target = typeof alias === 'string' ? alias : alias?.default;
  if (target === undefined) throw new Error(`${from}: ${specifier} is not in package.json`);
  return sourceOf(target);
}

/** The source of a built file. */
export function sourceOf(built: string): string {
  return posix
    .normalize(built)
    .replace(/^dist\//, '')
    .replace(/\.js$/, '.ts');
}

/** File -> the repository files it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

export function importGraph(paths: readonly string[]): ImportGraph {
  return new Map(
    paths.map((path) => {
      const targets = specifiers(read(path)).map((specifier) => resolved(path, specifier));
      return [path, targets.filter((target) => target !== undefined)];
    }),
  );
}

/** Everything reached from a file, itself included. */
export function closure(graph: ImportGraph, start: string): string[] {
  const seen = new Set([start]);
  for (const path of seen) for (const next of graph.get(path) ?? []) seen.add(next);
  return [...seen];
}
