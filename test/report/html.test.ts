import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Comparison, Finding } from '../../src/evaluate/comparison.ts';
import { renderReport } from '../../src/report/html.node.ts';
import { syntheticComparison, type Wanted } from './comparison.fixture.ts';

const eight = Array.from({ length: 8 }, (_, at) => `a modality with a name that is far too long, number ${at}`);

const studies: Readonly<Record<string, Wanted>> = {
  'six modalities': {},
  'two modalities, log loss': { modalities: ['rna', 'protein'], metric: 'logLoss', finding: 'harms' },
  'eight modalities with long names': { modalities: eight, subjects: 300 },
  'ten classes': { classes: [...'0123456789'], metric: 'accuracy', subjects: 400, finding: 'helps' },
  'one fusion': { fusions: ['late:mean'] },
  'nothing defined': { undefinedFigures: true },
  'no subject who has every modality': { subjects: 3 },
  survival: { kind: 'survival' },
  'survival, two modalities, harms': {
    kind: 'survival',
    modalities: ['rna', 'protein'],
    finding: 'harms',
    subjects: 12,
  },
  'survival where nothing is defined': { kind: 'survival', undefinedFigures: true },
  'a value': { kind: 'value' },
  'a value by its mean absolute error': {
    kind: 'value',
    metric: 'meanAbsoluteError',
    modalities: eight,
    subjects: 300,
  },
  'a value where nothing is defined': { kind: 'value', undefinedFigures: true },
};

describe.each(Object.entries(studies))('the report on %s', (_, wanted) => {
  const comparison = syntheticComparison(wanted);
  let text: string;
  let document: Document;
  beforeAll(async () => {
    text = await renderReport(comparison);
    document = parseHTML(text).document as unknown as Document;
  });
  const all = (selector: string) => [...document.querySelectorAll(selector)];

  it('has one h1, one main, and says its language', () => {
    expect(all('h1').map(({ textContent }) => textContent)).toEqual([comparison.study.title]);
    expect(all('main')).toHaveLength(1);
    expect(document.documentElement.getAttribute('lang')).toBe('en');
  });

  it('states the verdict before any chart, and that it is for research', () => {
    const verdict = document.querySelector('.verdict') as Element;
    expect(verdict.textContent).toContain(comparison.verdict.sentence);
    expect(verdict.textContent).toContain('Research use, not a medical device');
    expect(text.indexOf('class="verdict')).toBeLessThan(text.indexOf('<svg'));
  });

  it('has a table behind every chart', () => {
    const figures = all('figure');
    expect(figures.length).toBeGreaterThanOrEqual(2);
    for (const figure of figures) {
      expect(figure.querySelectorAll('svg').length).toBeGreaterThan(0);
      expect(figure.querySelector('figcaption')?.textContent).toMatch(/^Figure \d+\. \S/);
      const next = figure.nextElementSibling as Element;
      expect(next.tagName).toBe('DETAILS');
      expect(next.querySelectorAll('tbody tr').length).toBeGreaterThan(0);
    }
  });

  it('gives every table a caption and scoped headers', () => {
    for (const table of all('table')) {
      expect(table.querySelector('caption')?.textContent).toMatch(/\S/);
      for (const head of table.querySelectorAll('th')) expect(head.getAttribute('scope')).toMatch(/^(col|row)$/);
      for (const row of table.querySelectorAll('tbody tr')) {
        expect(row.children).toHaveLength(table.querySelectorAll('thead th').length);
      }
    }
  });

  it('gives every chart a role and a name', () => {
    for (const chart of all('svg')) {
      expect(chart.getAttribute('role')).toBe('img');
      expect(chart.getAttribute('aria-label')).toMatch(/\S/);
      expect(chart.getAttribute('viewBox')).toMatch(/^0 0 /);
    }
  });

  it('loads nothing: no source, no link but inside the page, no url()', () => {
    const links = all('[href], [src], [srcset], [data], [action], [poster]');
    for (const link of links) expect(link.getAttribute('href')).toMatch(/^#/);
    expect(text).not.toMatch(/url\(|@import|<link|<iframe|<object|<img|http-equiv/i);
  });

  it('links only to what is there, and no id is there twice', () => {
    const ids = all('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of all('a')) expect(ids).toContain(link.getAttribute('href')?.slice(1));
  });

  it('shows no number that is none', () => {
    expect(document.body.textContent).not.toMatch(/\bNaN\b|\bundefined\b|\bnull\b|Infinity|\[object/);
    expect(text).not.toMatch(/="[^"]*NaN/);
  });

  it('shows every strategy, modality and warning, the protocol, and how to rerun', () => {
    const body = document.body.textContent as string;
    const { strategies, study, warnings, protocol, environment } = comparison;
    const expected = [
      ...strategies.map(({ name }) => name),
      ...strategies.flatMap(({ notes }) => notes),
      ...study.modalities.flatMap(({ name, preparation }) => [name, preparation]),
      ...warnings.map(({ message }) => message),
      ...protocol.words,
      ...Object.values(environment),
      `npx consilience compare STUDY.yaml --seed ${comparison.seed} -o DIR`,
    ];
    for (const words of expected) expect(body).toContain(words);
  });
});

const parsed = async (wanted: Wanted) =>
  parseHTML(await renderReport(syntheticComparison(wanted))).document as unknown as Document;
const texts = (document: Document, selector: string) =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => textContent as string);

describe('the report by the kind of its target', () => {
  const only: Readonly<Record<string, readonly string[]>> = {
    classes: ['ROC', 'Decisions', 'Prediction sets', 'Abstaining', 'Where the experts agree'],
    survival: ['Do high and low risk part?'],
    value: ['Predicted and true values', 'Prediction intervals'],
  };

  it.each(['classes', 'survival', 'value'] as const)(
    'has the sections of %s, and none of another kind',
    async (kind) => {
      const document = await parsed({ kind });
      const found = texts(document, 'h2, h3');
      for (const [name, headings] of Object.entries(only)) {
        for (const heading of headings) expect([heading, found.includes(heading)]).toEqual([heading, name === kind]);
      }
      const body = texts(document, 'main section:not(.warnings)').join('\n');
      if (kind !== 'classes')
        expect(body).not.toMatch(/(?<!time-dependent )AUROC|\bROC\b|predicted class|class predicted/);
      if (kind === 'value') expect(body).not.toMatch(/\bevents?\b|censored/);
    },
  );

  it('ten classes have sets and abstention, but no decisions, slope or intercept', async () => {
    const document = await parsed({ classes: [...'0123456789'], metric: 'accuracy', subjects: 400 });
    const found = texts(document, 'h3');
    expect(found).toEqual(expect.arrayContaining(['Calibration', 'Prediction sets', 'Abstaining']));
    expect(found).not.toContain('Decisions');
    const [heads] = texts(document, '#trust ~ .scroll thead');
    expect(heads).toContain('error');
    expect(heads).not.toContain('slope');
  });

  it('says the target: counts of classes, events and censored subjects, or the unit of a value', async () => {
    const [classes, survival, value] = await Promise.all(
      (['classes', 'survival', 'value'] as const).map(async (kind) => texts(await parsed({ kind }), '.asked')[0]),
    );
    expect(classes).toMatch(/Targetvital_status: alive \(\d+\), dead \(\d+\)/);
    expect(survival).toMatch(/Target, time to an eventoverall_survival: \d+ events, \d+ censored/);
    expect(value).toMatch(/Target, a valueage, in years/);
  });

  it('writes the unit of errors of values, and none where there is none', async () => {
    const inYears = (await parsed({ kind: 'value', metric: 'meanAbsoluteError' })).body.textContent;
    expect(inYears).toContain('Mean absolute error in years on all test subjects');
    expect(inYears).toContain('less than 0.02 years in mean absolute error counts');
    expect((await parsed({ kind: 'value' })).body.textContent).toContain('less than .020 in R² counts');
  });

  it('draws a survival curve for each third of risk of the best single modality and of every fusion', async () => {
    const document = await parsed({ kind: 'survival' });
    const figure = document.querySelector('#ranking ~ figure') as Element;
    const compared = syntheticComparison({ kind: 'survival' }).strategies.filter(({ role }) => role !== 'single');
    expect(texts(figure as unknown as Document, 'h4').map((head) => head.split(' ')[0])).toEqual(
      expect.arrayContaining(compared.map(({ name }) => name)),
    );
    for (const chart of figure.querySelectorAll('svg')) {
      const names = texts(chart as unknown as Document, 'text');
      expect(names).toEqual(expect.arrayContaining(['low', 'middle', 'high']));
    }
    const rows = figure.nextElementSibling?.querySelectorAll('tbody tr') ?? [];
    expect(rows).toHaveLength(3 * compared.length);
    for (const row of rows) expect(row.textContent).toMatch(/\d at risk/);
  });

  it('says by name which fusion is too cautious, and what can be done', async () => {
    const made = syntheticComparison();
    const strategies = made.strategies.map((strategy) => ({
      ...strategy,
      reliability: {
        slope: strategy.name === 'late:mean' ? { low: 1.57, estimate: 2.73, high: 3.89 } : null,
        intercept: null,
        error: 0.2,
      },
    }));
    const page = parseHTML(await renderReport({ ...made, strategies })).document;
    expect(page.querySelector('#trust')?.parentElement?.textContent).toContain(
      'Too cautious here: late:mean (slope 2.73). With recalibrate: true in the study',
    );
  });

  it('calls an interval that too few subjects taught infinite', async () => {
    const document = await parsed({ kind: 'value' });
    expect(document.querySelector('#trust')?.parentElement?.textContent).toMatch(/infinite, \d+ infinite/);
  });
});

describe('the report', () => {
  const hostile = `<script>alert("1")</script>&'`;

  it('escapes every name it is given, in text and in attributes', async () => {
    const { study, strategies, verdict, ...rest } = syntheticComparison({
      modalities: [`m${hostile}`, `"onload="x`],
      classes: ['alive', `c${hostile}`],
      fusions: [`late:${hostile}`],
      title: `t${hostile}`,
    });
    const text = await renderReport({
      ...rest,
      study: { ...study, description: `d${hostile}`, source: `s${hostile}` },
      strategies: strategies.map((strategy) => ({ ...strategy, notes: [`n${hostile}`] })),
      verdict: { ...verdict, sentence: `v${hostile}.` },
      warnings: [{ code: 'x', message: `w${hostile}` }],
      environment: { [`e${hostile}`]: hostile },
    });
    const document = parseHTML(text).document as unknown as Document;
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(document.querySelectorAll('script')).toHaveLength(1);
    expect(document.querySelectorAll('[onload]')).toHaveLength(0);
    expect(document.querySelector('h1')?.textContent).toBe(`t${hostile}`);
    for (const letter of 'mcdsnvwe') expect(document.body.textContent).toContain(`${letter}${hostile}`);
  });

  it.each<[Finding, RegExp]>([
    ['helps', /predicted better than the best one/],
    ['harms', /predicted worse than the best one/],
    ['no-meaningful-difference', /too small to matter in practice/],
    ['cannot-tell', /does not mean that there is none/],
  ])('explains the finding "%s" and the margin in plain words', async (finding, words) => {
    const document = parseHTML(await renderReport(syntheticComparison({ finding }))).document as unknown as Document;
    const verdict = document.querySelector(`.verdict.${finding}`) as Element;
    expect(verdict.textContent).toMatch(words);
    expect(verdict.textContent).toContain('less than .020 in AUROC counts as too small to matter');
  });

  it('draws all subsets of six modalities, and of eight the informative ones with all 255 in the table', async () => {
    const rowsOf = async (wanted: Wanted) => {
      const document = parseHTML(await renderReport(syntheticComparison(wanted))).document as unknown as Document;
      const figure = document.querySelector('#missing ~ figure') as Element;
      return { caption: figure.textContent, rows: figure.nextElementSibling?.querySelectorAll('tbody tr').length };
    };
    expect(await rowsOf({})).toMatchObject({ rows: 63 });
    const { caption, rows } = await rowsOf({ modalities: eight, subjects: 300 });
    expect(rows).toBe(255);
    expect(caption).toContain('Of 255 subsets the chart shows');
  });

  it('has no ROC for ten classes, and one for two', async () => {
    const headings = async (wanted: Wanted) =>
      [...parseHTML(await renderReport(syntheticComparison(wanted))).document.querySelectorAll('h3')].map(
        (h) => h.textContent,
      );
    expect(await headings({ classes: [...'0123456789'] })).not.toContain('ROC');
    expect(await headings({})).toContain('ROC');
  });

  it('shows results of an earlier release, which lack what was added since', async () => {
    const { study, strategies, independence: _, ...rest } = syntheticComparison();
    const { kind: __, ...target } = study.target;
    const earlier = {
      ...rest,
      study: { ...study, target },
      strategies: strategies.map((strategy) => {
        const { reliability, decisionCurve, conformal, abstention, drivers, agreement, independenceMeans, ...known } =
          strategy;
        return known;
      }),
    } as unknown as Comparison;
    const document = parseHTML(await renderReport(earlier)).document as unknown as Document;
    const headings = [...document.querySelectorAll('h3')].map((h) => h.textContent);
    expect(headings).toContain('Calibration');
    expect(headings).not.toContain('Decisions');
    expect(document.body.textContent).toContain('vital_status: alive');
  });

  it('is the same text for the same comparison', async () => {
    expect(await renderReport(syntheticComparison())).toBe(await renderReport(syntheticComparison()));
  });
});
