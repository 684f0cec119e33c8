import { describe, expect, test } from 'vitest';
import type { PairIndependence } from '../../src/evaluate/independence.ts';
import { independenceMeaning, independenceSentence, survivalNotTested } from '../../src/evaluate/independence-words.ts';
import { combiners } from '../../src/fuse/combine/combiners.ts';

function pair(
  experts: PairIndependence['found']['experts'],
  evidence: PairIndependence['found']['evidence'],
  names: readonly [string, string] = ['rna', 'mri'],
): PairIndependence {
  return {
    pair: names,
    found: { experts, evidence },
    experts:
      experts === 'not-tested' ? null : { value: 0.31, low: 0.12, high: 0.48, p: 0.002, pHolm: 0.004, n: 90, folds: 5 },
    partial: null,
    evidence:
      evidence === 'not-tested'
        ? null
        : { distanceCorrelation: 0.081, p: 0.0002, pHolm: 0.0004, pDiffersHolm: 0.01, n: 90, folds: 5 },
  };
}

describe('what independence means for a combiner', () => {
  test.each(combiners)('has words of its own for each finding: %s', (combiner) => {
    const said = (['redundant', 'opposed', 'none-seen'] as const).map(
      (experts) => independenceMeaning(combiner, [pair(experts, 'none-seen')])[0],
    );
    said.push(independenceMeaning(combiner, [pair('none-seen', 'interplay')])[0]);
    expect(new Set(said).size).toBe(4);
    for (const sentence of said) expect(sentence).toMatch(/\.$/);
    expect(said[3]).toContain('shows only in both together');
    expect(said[3]).toContain('interactions');
  });

  test('warns of overconfidence where the product of dependent experts is taken, not where they are averaged', () => {
    expect(independenceMeaning('product', [pair('redundant', 'shared')])[0]).toContain('expect it to be too sure');
    expect(independenceMeaning('mean', [pair('redundant', 'shared')])[0]).toContain('does not make it too sure');
  });

  test('names the pairs of each finding, and says none seen only where nothing was', () => {
    const found = [
      pair('redundant', 'shared'),
      pair('none-seen', 'interplay', ['rna', 'age']),
      pair('redundant', 'none-seen', ['mri', 'age']),
    ];
    const said = independenceMeaning('vote', found);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^rna and mri; mri and age: /);
    expect(said[1]).toMatch(/^rna and age: /);
    const shared = independenceMeaning('product', [pair('none-seen', 'shared'), pair('none-seen', 'none-seen')]);
    expect(shared).toHaveLength(1);
    expect(shared[0]).toContain('such as a batch or age');
  });

  test('says where nothing was tested', () => {
    const untested = 'Whether experts are independent was not tested, so what they share is not known.';
    expect(independenceMeaning('mean', [pair('not-tested', 'not-tested')])).toEqual([untested]);
    expect(independenceMeaning('mean', [])).toEqual([untested]);
    expect(survivalNotTested).toContain('not tested');
  });
});

test('a pair is told with its figures', () => {
  expect(independenceSentence(pair('redundant', 'shared'))).toBe(
    'rna and mri: the experts err together (correlation given the outcome +.310, +.120 to +.480, adjusted p = .004); the measurements depend on each other, as a shared batch or age would make them (distance correlation given the outcome .081, adjusted p < .001).',
  );
  expect(independenceSentence(pair('not-tested', 'not-tested'))).toBe(
    'rna and mri: the experts were not tested; the measurements were not tested.',
  );
});
