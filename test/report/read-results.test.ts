import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Comparison } from '../../src/evaluate/comparison.ts';
import { readResults } from '../../src/report/read-results.node.ts';
import { resultsJson } from '../../src/report/results.ts';
import { folderWith } from '../study/small-study.ts';
import { syntheticComparison } from './comparison.fixture.ts';

/** What is said of results in which one field has another value, or is gone. */
async function refusal(field: string, value: unknown): Promise<string> {
  const edited: unknown = JSON.parse(resultsJson(syntheticComparison()));
  const steps = field.split('.');
  const last = steps.pop() as string;
  const holder = steps.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], edited);
  expect(holder).toHaveProperty([last]);
  (holder as Record<string, unknown>)[last] = value;
  const folder = folderWith({ 'results.json': JSON.stringify(edited) });
  const error: unknown = await readResults(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message.replace(`${join(folder, 'results.json')}: `, '');
}

describe('readResults', () => {
  it.each(['classes', 'survival', 'value'] as const)('takes what a comparison wrote: %s', async (kind) => {
    for (const undefinedFigures of [false, true]) {
      const comparison = syntheticComparison({ kind, undefinedFigures });
      const folder = folderWith({ 'results.json': resultsJson(comparison) });
      expect((await readResults(folder)).comparison).toEqual(JSON.parse(resultsJson(comparison)));
    }
  });

  it('takes results of an earlier release, and fields that a later one adds', async () => {
    const { study, strategies, independence: _, ...rest } = syntheticComparison();
    const { kind: __, ...target } = study.target;
    const earlier = {
      ...rest,
      added: 1,
      study: { ...study, target },
      strategies: strategies.map(({ reliability: ___, agreement: ____, ...known }) => known),
    } as unknown as Comparison;
    const folder = folderWith({ 'results.json': resultsJson(earlier) });
    expect((await readResults(folder)).path).toBe(join(folder, 'results.json'));
  });

  it.each([
    ['strategies', [], 'expected at least 1, got []'],
    ['strategies.1.metrics.auroc', '0.8', 'expected an object, got "0.8"'],
    ['strategies.0.metrics.auroc.value', '0.8', 'expected a number, got "0.8"'],
    ['strategies.0.metrics', [1], 'expected an object, got [1]'],
    ['protocol.kind', 'guess', 'expected one of cross-validation, holdout, leave-one-group-out, given, got "guess"'],
    ['warnings', null, 'expected a list, got null'],
  ])('names the field that was edited: %s is %j', async (field, value, words) => {
    expect(await refusal(field, value)).toBe(`${field}: not what a comparison has there, ${words}`);
  });

  it('names the field that is gone', async () => {
    expect(await refusal('study', {})).toBe('study.name: missing from the comparison, expected a text');
    expect(await refusal('verdict', undefined)).toBe('verdict: missing from the comparison, expected an object');
  });
});
