import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closure, importGraph, read, root, sources } from './sources.ts';

interface Bundle {
  readonly file: string;
  /** `module <- importer` for every module of Node that anything in the graph asks for. */
  readonly builtins: readonly string[];
}

/** Bundles one entry for a browser. Vite would replace Node's modules by empty ones and warn; here they are counted. */
async function bundled(entry: string, outDir: string): Promise<Bundle> {
  const builtins: string[] = [];
  const watch: Plugin = {
    name: 'count-builtins',
    enforce: 'pre',
    resolveId(source, importer) {
      if (isBuiltin(source)) builtins.push(`${source} <- ${importer?.replace(root, '')}`);
      return null;
    },
  };
  await build({
    configFile: false,
    root,
    logLevel: 'silent',
    plugins: [watch],
    build: { outDir, minify: false, lib: { entry, formats: ['es'], fileName: 'bundle' } },
  });
  return { file: join(outDir, 'bundle.js'), builtins };
}

const outDir = mkdtempSync(join(tmpdir(), 'consilience-bundle-'));
let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundled(`${root}src/browser.ts`, outDir);
});

afterAll(() => rmSync(outDir, { recursive: true, force: true }));

describe('consilience/browser', () => {
  it('bundles without a module of Node', () => {
    expect(bundle.builtins).toEqual([]);
  });

  it('reaches no *.node.ts file', () => {
    const reached = closure(importGraph(sources()), 'src/browser.ts');
    expect(reached.length).toBeGreaterThan(1);
    expect(reached.filter((path) => path.endsWith('.node.ts'))).toEqual([]);
  });

  it('exports from the bundle what it exports as source', async () => {
    const made: Record<string, unknown> = await import(pathToFileURL(bundle.file).href);
    const source: Record<string, unknown> = await import(`${root}src/browser.ts`);
    expect(Object.keys(made).sort()).toEqual(Object.keys(source).sort());
  });

  it('works as a bundle', async () => {
    const { zScoreMap }: typeof import('../../src/browser.ts') = await import(pathToFileURL(bundle.file).href);
    const { map, inverse } = zScoreMap({ mean: 1000, sd: 200 }, { mean: 40, sd: 10 });
    expect(map(1200)).toBe(50);
    expect(inverse(50)).toBe(1200);
  });

  it('is caught when it asks for one', async () => {
    const { builtins } = await bundled(`${root}test/structure/sources.ts`, join(outDir, 'node'));
    expect(builtins.some((line) => line.startsWith('node:fs <- '))).toBe(true);
  });
});

it('package.json offers the browser entry', () => {
  expect(JSON.parse(read('package.json')).exports['./browser'].default).toBe('./dist/src/browser.js');
});
