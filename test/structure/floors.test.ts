import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { filesIn, type ImportGraph, importGraph, read, sources, specifiers } from './sources.ts';

/** The story of the data, floor by floor: a folder imports only from lower floors, never from a neighbour. */
const floors: readonly (readonly string[])[] = [
  ['src/errors.ts', 'src/estimator.ts', 'src/remember.ts'],
  ['src/array'],
  ['src/engine', 'src/split', 'src/score'],
  ['src/read'],
  ['src/describe'],
  ['src/align', 'src/inspect'],
  ['src/harmonize'],
  ['src/encode', 'src/expert'],
  ['src/fuse'],
  ['src/translate', 'src/multiome', 'src/simulate'],
  ['src/evaluate'],
  ['src/study'],
  ['src/report'],
  ['src/stream', 'src/serve'],
  ['src/browser.ts', 'src/predict.ts'],
  ['src/index.ts'],
  ['cli', 'studio'],
];

function placeOf(path: string): { floor: number; unit: string } | undefined {
  for (const [floor, units] of floors.entries()) {
    for (const unit of units) if (path === unit || path.startsWith(`${unit}/`)) return { floor, unit };
  }
  return undefined;
}

/** Files side by side in `src/` on the lowest floor are one unit. */
function sameUnit(a: string, b: string): boolean {
  return a === b || (floors[0].includes(a) && floors[0].includes(b));
}

function floorFaults(graph: ImportGraph): string[] {
  const faults: string[] = [];
  for (const [path, targets] of graph) {
    const here = placeOf(path);
    if (!here) faults.push(`${path} stands on no floor`);
    for (const target of targets) {
      const there = placeOf(target);
      if (!here || !there || sameUnit(here.unit, there.unit) || there.floor < here.floor) continue;
      faults.push(`${path} imports ${target}, which is ${there.floor === here.floor ? 'beside' : 'above'} it`);
    }
  }
  return faults;
}

/** One cycle as a path of files, or undefined. */
function cycleIn(graph: ImportGraph): string[] | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): string[] | undefined => {
    const at = trail.indexOf(path);
    if (at >= 0) return [...trail.slice(at), path];
    if (done.has(path)) return undefined;
    trail.push(path);
    for (const next of graph.get(path) ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    trail.pop();
    done.add(path);
    return undefined;
  };
  for (const path of graph.keys()) {
    const found = visit(path);
    if (found) return found;
  }
  return undefined;
}

const graph = importGraph(sources());

describe('the floors', () => {
  it('hold: no folder imports from its own floor or from above', () => {
    expect(graph.size).toBeGreaterThan(0);
    expect(floorFaults(graph)).toEqual([]);
  });

  it('are noticed when broken', () => {
    const broken: ImportGraph = new Map([
      ['src/read/csv.ts', ['src/describe/modality.ts', 'src/errors.ts']],
      ['src/score/metric.ts', ['src/split/folds.ts']],
      ['src/estimator.ts', ['src/errors.ts']],
      ['src/helpers/misc.ts', []],
    ]);
    expect(floorFaults(broken)).toEqual([
      'src/read/csv.ts imports src/describe/modality.ts, which is above it',
      'src/score/metric.ts imports src/split/folds.ts, which is beside it',
      'src/helpers/misc.ts stands on no floor',
    ]);
  });

  it('have no cycle between files', () => {
    expect(cycleIn(graph)).toBeUndefined();
    expect(
      cycleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['a']],
        ]),
      ),
    ).toEqual(['a', 'b', 'c', 'a']);
  });

  it('reach only files that are there', () => {
    const missing = [...graph].flatMap(([path, targets]) =>
      targets.filter((target) => !graph.has(target)).map((target) => `${path} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('end at two doors, which use the public exports only', () => {
    const inside = [...graph].flatMap(([path, targets]) =>
      /^(cli|studio)\//.test(path)
        ? targets
            .filter((target) => /^src\/(?!(index|browser|predict)\.ts$)/.test(target))
            .map((target) => `${path} -> ${target}`)
        : [],
    );
    expect(inside).toEqual([]);
  });
});

describe('imports', () => {
  it('are seen in every form', () => {
    const source = `
      import 'a';
      import b, { type B } from "b";
      import type {
        C,
      } from './c.ts';
      export * from './d.ts'; export { e } from './e.ts';
      const f = await import('./f.ts');
      // import 'not-this';
      /* export * from 'nor-this'; */
      export const message = 'text from "nowhere"';
    `;
    expect(specifiers(source)).toEqual(['a', 'b', './c.ts', './d.ts', './e.ts', './f.ts']);
  });
});

describe('Node and browser', () => {
  it('keep Node modules to *.node.ts files, below the Node door', () => {
    const strays = filesIn('src').filter(
      (path) =>
        /\.ts$/.test(path) &&
        !/\.node\.ts$/.test(path) &&
        path !== 'src/index.ts' &&
        specifiers(read(path)).some(isBuiltin),
    );
    expect(strays).toEqual([]);
  });
});

describe('the engine', () => {
  const modalities =
    /\b(m?i?rna|dna|proteins?|proteom\w*|transcriptom\w*|genom\w*|genes?|mri|ct|pet|eeg|ecg|emg|clinical|\w*omics|wearables?|glucose|radiolog\w*|patients?)\b/i;

  it('never names a modality', () => {
    const named = filesIn('src/engine').filter((path) => modalities.test(read(path)));
    expect(named).toEqual([]);
    expect('the mRNA branch').toMatch(modalities);
    expect('a tensor of rank two').not.toMatch(modalities);
  });
});
