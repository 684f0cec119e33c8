import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import type { Comparison, ConversationResult } from '../../src/evaluate/comparison.ts';
import { renderReport } from '../../src/report/html.node.ts';
import { readResults } from '../../src/report/read-results.node.ts';
import { resultsJson } from '../../src/report/results.ts';
import { folderWith } from '../study/small-study.ts';
import { syntheticComparison } from './comparison.fixture.ts';
import { conversation } from './conversation.fixture.ts';

const fusions = ['intermediate:attention', 'late:mean'];
const three = ['clinical', 'rna', 'protein'];

/** The section of a report whose one strategy with attention says this. */
async function sectionOf(told: ConversationResult | undefined): Promise<Element | null> {
  const made = syntheticComparison({ modalities: three, fusions });
  const comparison: Comparison = {
    ...made,
    strategies: made.strategies.map(({ conversation: own, ...strategy }) => ({
      ...strategy,
      ...(own && told && { conversation: told }),
    })),
  };
  const { document } = parseHTML(await renderReport(comparison)) as unknown as { document: Document };
  return document.querySelector('section[aria-labelledby="conversation"]');
}

const textOf = (parts: Iterable<Element> | undefined) => Array.from(parts ?? [], ({ textContent }) => textContent);
const captions = (section: Element | null) => textOf(section?.querySelectorAll('caption'));
const charts = (section: Element | null) =>
  Array.from(section?.querySelectorAll('svg') ?? [], (chart) => chart.getAttribute('aria-label'));

describe('who asked whom, in the report', () => {
  it('is not there where no strategy attends', async () => {
    expect(await sectionOf(undefined)).toBeNull();
  });

  it('says whether attention is faithful, and shows modalities, tokens and subjects', async () => {
    const told = conversation(random(1), three, 12);
    const section = await sectionOf(told);
    expect(section?.textContent).toContain(told.faithfulness.sentence);
    expect(charts(section)).toEqual([
      'Who asked whom, between 3 modalities',
      'The 6 tokens asked for most',
      'Attention of 7 tokens to each other',
    ]);
    expect(captions(section)).toEqual([
      'Share of what each modality took that came from each of the others in intermediate:attention, with 95 % intervals over subjects',
      'Attention that each token gets, most asked first',
      'Pairs of tokens with the strongest attention',
      'What the modalities of each test subject asked in intermediate:attention, those first whose prediction moves furthest without the tokens asked for most',
    ]);
  });

  it('has no figure of two modalities, which can only ask each other', async () => {
    const section = await sectionOf(conversation(random(1), ['clinical', 'rna'], 12));
    expect(section?.textContent).toContain('Its two modalities can only ask each other.');
    expect(charts(section)).toEqual(['The 3 tokens asked for most', 'Attention of 4 tokens to each other']);
  });

  it('names the 20 tokens asked for most of many, by how far they exceed asking all alike, and no grid', async () => {
    const told = conversation(random(1), three, 12);
    const tokens = Array.from({ length: 70 }, (_, t) => ({
      modality: 'rna',
      name: `SET${t}`,
      askedFor: 0.01,
      even: 0.005 + 0.0001 * t,
      n: 12,
      folds: 25,
    }));
    const section = await sectionOf({ ...told, tokens, attention: { tokens: [0, 1], mean: [] } });
    expect(charts(section)).toEqual(['Who asked whom, between 3 modalities', 'The 20 tokens asked for most']);
    expect(section?.textContent).toContain('the 20 most asked of 70 tokens get');
    const [first] = textOf(section?.querySelectorAll('details:nth-of-type(2) tbody th'));
    expect(first).toBe('SET0');
    expect(captions(section)[1]).toBe('Attention that each token gets, most asked first, 60 of 70');
  });

  it('says so where no token has a name', async () => {
    const told = conversation(random(1), three, 12);
    const tokens = three.map((modality) => ({
      ...told.tokens[0],
      modality,
      name: 'learned combinations',
      learned: 4,
    }));
    const section = await sectionOf({ ...told, tokens, attention: { tokens: [], mean: [] } });
    expect(section?.textContent).toContain(
      'All tokens are learned combinations of features, so none of them has a name.',
    );
    const heads = textOf(section?.querySelectorAll('details:last-of-type th[scope=col]'));
    expect(heads).toEqual([
      'subject',
      ...three.map((name) => `${name} asked`),
      'moves without those asked for most',
      'moves without others',
    ]);
  });

  it('shows of many subjects the hundred whose predictions move furthest', async () => {
    const section = await sectionOf(conversation(random(1), three, 250));
    const rows = [...(section?.querySelectorAll('details:last-of-type tbody tr') ?? [])];
    expect(rows).toHaveLength(100);
    const moves = rows.map((row) => Number([...row.querySelectorAll('td.figure')].at(-2)?.textContent));
    expect(moves).toEqual([...moves].sort((a, b) => b - a));
    expect(captions(section).at(-1)).toContain('100 of 250 test subjects');
  });

  it('stands up to places of tokens that are not there', async () => {
    const told = conversation(random(1), three, 6);
    const subjects = told.subjects.map((one) => ({ ...one, tokens: [999], asked: [] }));
    const section = await sectionOf({ ...told, subjects, attention: { tokens: [999], mean: [[1]] } });
    expect(section?.querySelectorAll('details:last-of-type tbody tr').length).toBe(6);
  });
});

describe('results.json', () => {
  it('writes lists of numbers on one line, and texts as they are', () => {
    const made = syntheticComparison({ modalities: three, fusions, title: 'a title [\n 1,\n 2\n]' });
    const text = resultsJson(made);
    expect(text).toMatch(/"classCounts": \[ \d+, \d+ \]/);
    expect(JSON.parse(text).study.title).toBe('a title [\n 1,\n 2\n]');
    const rounded = JSON.parse(JSON.stringify(made), (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(8)) : value,
    );
    expect(JSON.parse(text)).toEqual(rounded);
  });

  it('is refused where a field of a conversation was edited, by its name', async () => {
    const made = syntheticComparison({ modalities: three, fusions });
    const edited = JSON.parse(resultsJson(made));
    const at = made.strategies.findIndex(({ conversation: told }) => told);
    edited.strategies[at].conversation.subjects[0].tokens = [-1];
    const folder = folderWith({ 'results.json': JSON.stringify(edited) });
    await expect(readResults(folder)).rejects.toThrow(
      `strategies.${at}.conversation.subjects.0.tokens.0: not what a comparison has there, expected at least 0, got -1`,
    );
  });

  it('of two thousand subjects stays below a megabyte for a conversation of four modalities', () => {
    const made = syntheticComparison({ modalities: [...three, 'mirna'], fusions: ['late:mean'] });
    const told = conversation(random(1), [...three, 'mirna'], 2000);
    const four = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(4)) : value);
    const short = JSON.parse(JSON.stringify(told), four) as ConversationResult;
    const [first, ...others] = made.strategies;
    const plain = resultsJson(made).length;
    const more = resultsJson({ ...made, strategies: [{ ...first, conversation: short }, ...others] }).length;
    expect(more - plain).toBeLessThan(1e6);
  });
});
