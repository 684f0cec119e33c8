import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { read, root } from '../structure/sources.ts';

interface Figure {
  readonly strategy: string;
  readonly metric: string;
  readonly value: number | null;
  readonly tolerance: number;
  readonly independent?: number;
  readonly note?: string;
}

interface Study {
  readonly study: string;
  readonly verdict?: string;
  readonly figures: readonly Figure[];
}

interface Measure {
  readonly figures: readonly (Omit<Figure, 'strategy' | 'metric'> & { readonly figure: string })[];
}

const { compareFigures, compareMeasure, withNewValues, stringify } = await import(`${root}bench/tasks/figures.mjs`);
const landed: {
  readonly version: number;
  readonly studies: Readonly<Record<string, Study>>;
  readonly measures: Readonly<Record<string, Measure>>;
} = JSON.parse(read('bench/figures.json'));
const all: (readonly [string, Omit<Figure, 'strategy' | 'metric'>])[] = [
  ...Object.entries(landed.studies).flatMap(([name, { figures }]) =>
    figures.map((figure) => [`${name} ${figure.strategy} ${figure.metric}`, figure] as const),
  ),
  ...Object.entries(landed.measures).flatMap(([name, { figures }]) =>
    figures.map((figure) => [`${name} ${figure.figure}`, figure] as const),
  ),
];

const compared = {
  comparison: {
    strategies: [
      { name: 'single:best', metrics: { auroc: { value: 0.7 }, f1: { value: null } } },
      { name: 'late:mean', metrics: { auroc: { value: 0.80000049 } }, paired: { difference: 0.1 } },
    ],
    verdict: { finding: 'helps' },
  },
  predictions: [],
};
const figure = (strategy: string, metric: string, value: number | null, tolerance = 0.005): Figure => ({
  strategy,
  metric,
  value,
  tolerance,
});
const within = (...figures: Figure[]) =>
  compareFigures({ study: '', figures }, compared).map((row: { within: boolean }) => row.within);

describe('a landed figure', () => {
  it('holds up to its tolerance, and no further', () => {
    expect(within(figure('late:mean', 'auroc', 0.805), figure('late:mean', 'auroc', 0.8051))).toEqual([true, false]);
  });

  it('may be the difference from the best single modality', () => {
    expect(within(figure('late:mean', 'difference', 0.1), figure('late:mean', 'difference', 0.2))).toEqual([
      true,
      false,
    ]);
  });

  it('may be the difference from another strategy, also in a metric that it names', () => {
    const said = (strategy: string, wrong: number) =>
      [0, 1, 2, 3].map((i) => {
        const right = i % 2 === 1 ? 0.8 : 0.2;
        const p = i < wrong ? 1 - right : right;
        return { repeat: 1, fold: 1, subject: `s${i}`, strategy, truth: String(i % 2), probability: [1 - p, p] };
      });
    const { comparison } = compared;
    const with4 = {
      comparison: {
        ...comparison,
        seed: 0,
        study: { subjects: 8, target: { classes: ['0', '1'] } },
        protocol: { metric: 'auroc', level: 0.95 },
      },
      predictions: [...said('late:mean', 1), ...said('early', 0)],
    };
    const rows = compareFigures(
      {
        study: '',
        figures: [
          { ...figure('early', 'difference', 0.25), against: 'late:mean' },
          { ...figure('early', 'difference', 0.25), against: 'late:mean', of: 'accuracy' },
          { ...figure('early', 'difference', 0.25), against: 'late:vote' },
        ],
      },
      with4,
    );
    expect(rows.map(({ now }: { now: number }) => now)).toEqual([0.25, 0.25, null]);
    expect(rows[1].interval).toHaveLength(2);
  });

  it('does not hold where there is none now: no such strategy, no such metric, undefined, or not landed yet', () => {
    const missing = [
      figure('late:vote', 'auroc', 0.8),
      figure('late:mean', 'brier', 0.1),
      figure('single:best', 'f1', 0.5),
      figure('single:best', 'difference', 0),
      figure('late:mean', 'auroc', null),
    ];
    expect(within(...missing)).toEqual(missing.map(() => false));
  });

  it('may be a verdict, which is the same or not', () => {
    const verdict = (text: string) => compareFigures({ study: '', verdict: text, figures: [] }, compared)[0];
    expect(verdict('helps')).toMatchObject({ strategy: 'verdict', now: 'helps', within: true });
    expect(verdict('harms')).toMatchObject({ within: false });
  });

  it('may be one of a measure, and does not hold where the measure tells it no more', () => {
    const figures = [
      { figure: 'mm off', value: 0.2, tolerance: 0.01 },
      { figure: 'rad', value: 0.17, tolerance: 0.01 },
    ];
    const rows = compareMeasure({ figures }, { 'mm off': 0.2099999, px: 1 });
    expect(rows).toMatchObject([
      { strategy: 'mm off', now: 0.21, within: true },
      { strategy: 'rad', now: null, within: false },
    ]);
  });

  it('is rewritten with six digits, its tolerance and its company kept', () => {
    const before = {
      study: 'a.yaml',
      verdict: 'harms',
      figures: [{ ...figure('late:mean', 'auroc', 0.7), independent: 0.81 }],
    };
    const after = withNewValues(before, compared);
    expect(after).toEqual({
      study: 'a.yaml',
      verdict: 'helps',
      figures: [{ ...figure('late:mean', 'auroc', 0.8), independent: 0.81 }],
    });
    expect(compareFigures(after, compared).every((row: { within: boolean }) => row.within)).toBe(true);
  });
});

describe('bench/figures.json', () => {
  it('is written a figure a line, as the bench writes it', () => {
    expect(stringify(landed)).toBe(read('bench/figures.json'));
  });

  it('names studies that are there, and holds the demo', () => {
    for (const { study } of Object.values(landed.studies)) expect(read(study)).toMatch(/^modalities:$/m);
    expect(Object.keys(landed.studies)).toContain('tcga-acc');
  });

  it('names measures that are there', async () => {
    for (const name of Object.keys(landed.measures)) {
      expect(await import(`${root}bench/measures/${name}.mjs`)).toHaveProperty('measure');
    }
  });

  const failing = (holds: (figure: (typeof all)[number][1]) => boolean) =>
    all.filter(([, found]) => !holds(found)).map(([name]) => name);

  it('has a value and a tolerance of at most .01 for each', () => {
    expect(all.length).toBeGreaterThan(0);
    expect(failing(({ value }) => typeof value === 'number')).toEqual([]);
    expect(failing(({ tolerance }) => tolerance > 0 && tolerance <= 0.01)).toEqual([]);
  });

  it('has no figure farther than .01 from an independent one without a note that says why', () => {
    const far = ({ value, independent = value ?? 0 }: (typeof all)[number][1]) =>
      Math.abs((value ?? 0) - independent) > 0.01;
    expect(all.filter(([, { independent }]) => independent !== undefined).length).toBeGreaterThan(0);
    expect(failing((figure) => !far(figure) || figure.note !== undefined)).toEqual([]);
  });
});

describe('npm run bench', () => {
  const bench = (...args: string[]) => {
    try {
      return {
        code: 0,
        text: execFileSync(process.execPath, ['bench/main.mjs', ...args], { cwd: root, stdio: 'pipe' }),
      };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: Buffer };
      return { code: status, text: stderr.toString() };
    }
  };

  it('without a task lists the tasks and exits 2', () => {
    const { code, text } = bench();
    expect(code).toBe(2);
    for (const task of ['figures', 'speed', 'startup']) expect(text).toContain(`\n  ${task}`);
  });

  it('refuses a task, a study and an option that it does not know', () => {
    expect(bench('sped')).toMatchObject({ code: 2, text: expect.stringContaining('unknown task "sped"') });
    expect(bench('figures', 'tcga')).toMatchObject({ code: 2, text: expect.stringContaining('one of tcga-acc, ') });
    expect(bench('startup', '--run')).toMatchObject({ code: 2, text: expect.stringContaining("'--run'") });
  });

  it('skips a study whose data are not here, and says so', () => {
    const env = { ...process.env, CONSILIENCE_SHARED: 'nowhere' };
    const args = ['bench/main.mjs', 'figures', 'rosmap'];
    const printed = execFileSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
    expect(printed).toContain('rosmap: skipped, its data are not here');
  });
});
