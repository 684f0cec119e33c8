import { describe, expect, it } from 'vitest';
import type { Paired, StrategyResult } from '../../src/evaluate/comparison.ts';
import { adjusted } from '../../src/evaluate/paired.ts';
import { verdictOf } from '../../src/evaluate/verdict.ts';

const margin = 0.02;

function paired(difference: number | null, half: number, p: number | null): Paired {
  return {
    against: 'single:best',
    metric: 'auroc',
    difference,
    low: difference === null ? null : difference - half,
    high: difference === null ? null : difference + half,
    p,
    pHolm: p,
    method: 'corrected-resampled-t',
    n: 90,
    smallestDetectable: difference === null ? null : 1.4 * half,
    finding: 'cannot-tell',
  };
}

function verdict(family: { readonly [name: string]: Paired }, hindsight?: Paired, present?: Paired) {
  const names = Object.keys(family);
  const judged = adjusted(Object.values(family), margin);
  const results = names.map((name, i) => ({
    name,
    role: 'fusion',
    modalities: ['rna', 'protein'],
    paired: judged[i],
    ...(hindsight && { pairedInHindsight: hindsight }),
    ...(present && { pairedWherePresent: present }),
  }));
  return verdictOf(results as unknown as StrategyResult[], margin);
}

describe('the verdict', () => {
  it('is that fusion helps when one strategy is told to be better after adjusting for their number', () => {
    expect(verdict({ 'late:mean': paired(0.08, 0.05, 0.004), 'early:logistic': paired(0.01, 0.06, 0.7) })).toEqual({
      finding: 'helps',
      strategy: 'late:mean',
      sentence:
        'Fusion helps here: late:mean is better than the best single modality by .080 in AUROC (95 % interval +.030 to +.130, adjusted p = .008).',
    });
  });

  it('is not that it helps when adjusting for the number of strategies takes the finding away', () => {
    const four = Object.fromEntries(['a', 'b', 'c', 'd'].map((name, i) => [name, paired(0.06, 0.055, 0.03 + i / 10)]));
    expect(verdict(four).finding).toBe('cannot-tell');
  });

  it('says whether the advantage holds against the best modality in hindsight', () => {
    const family = { 'late:mean': paired(0.08, 0.05, 0.004) };
    expect(verdict(family, { ...paired(0.03, 0.05, 0.3), against: 'single:rna' }).sentence).toContain(
      'Against rna, the best in hindsight, the advantage is not certain (+.030, −.020 to +.080).',
    );
    expect(verdict(family, { ...paired(0.05, 0.03, 0.01), against: 'single:rna' }).sentence).toContain(
      'It also beats rna, the best in hindsight (+.050, +.020 to +.080).',
    );
  });

  it('says so where the advantage is not certain among those who have the modality chosen', () => {
    const family = { 'late:mean': paired(0.08, 0.05, 0.004) };
    expect(verdict(family, undefined, { ...paired(0.04, 0.06, 0.2), n: 61 }).sentence).toContain(
      'On the 61 subjects who have the modality chosen, the advantage is not certain (+.040, −.020 to +.100, adjusted p = .200).',
    );
  });

  it('is that fusion harms when every strategy is told to be worse', () => {
    const { finding, sentence } = verdict({ a: paired(-0.08, 0.03, 0.001), b: paired(-0.05, 0.03, 0.002) });
    expect(finding).toBe('harms');
    expect(sentence).toBe(
      'Fusion harms here: b is worse than the best single modality by .050 in AUROC (95 % interval −.080 to −.020, adjusted p = .002), and every other fused strategy by more.',
    );
  });

  it('names a strategy that harms where another helps', () => {
    expect(verdict({ a: paired(0.08, 0.03, 0.001), b: paired(-0.09, 0.03, 0.001) }).sentence).toMatch(
      / b does harm\.$/,
    );
  });

  it('is no meaningful difference when every interval lies within the margin, even where it excludes 0', () => {
    const { finding, sentence } = verdict({ a: paired(0.01, 0.005, 0.001), b: paired(0, 0.01, 0.9) });
    expect(finding).toBe('no-meaningful-difference');
    expect(sentence).toContain('every fused strategy lies within the margin of .020');
  });

  it('is that fusion does not help when what is told leaves only harm and no difference', () => {
    const { finding, sentence } = verdict({ a: paired(0.001, 0.01, 0.9), b: paired(-0.09, 0.03, 0.001) });
    expect(finding).toBe('no-meaningful-difference');
    expect(sentence).toBe(
      'Fusion does not help here: a is better than the best single modality by .001 in AUROC (95 % interval −.009 to +.011, adjusted p = .900), and a lies within the margin of .020. b does harm.',
    );
  });

  it('takes no spread at all for no certainty', () => {
    const flatly = { ...paired(0, 0, null), low: null, high: null, smallestDetectable: null };
    expect(verdict({ a: flatly })).toMatchObject({
      finding: 'cannot-tell',
      sentence:
        'Whether fusion helps cannot be told at this size: a is as good as the best single modality in AUROC. The difference is the same throughout, so nothing says how sure that is: a ceiling, or too few test subjects.',
    });
  });

  it('is that there is nothing to fuse where no strategy has two modalities', () => {
    const alone = [{ name: 'late:mean', role: 'fusion', modalities: ['rna'] }] as unknown as StrategyResult[];
    expect(verdictOf(alone, margin).sentence).toBe(
      'There is nothing to fuse here: no strategy has more than one modality to work with.',
    );
  });

  it('is that this study cannot tell otherwise, with the smallest difference it could have seen', () => {
    const { finding, sentence } = verdict({ a: paired(0.03, 0.06, 0.3) });
    expect(finding).toBe('cannot-tell');
    expect(sentence).toBe(
      'Whether fusion helps cannot be told at this size: a is better than the best single modality by .030 in AUROC (95 % interval −.030 to +.090, adjusted p = .300). The smallest difference it would have seen four times in five is .084.',
    );
  });

  it('is that nothing can be told where nothing could be compared', () => {
    expect(verdict({ a: paired(null, 0, null) })).toEqual({
      finding: 'cannot-tell',
      strategy: null,
      sentence: 'Whether fusion helps here cannot be told: no fused strategy could be compared with a single modality.',
    });
  });
});
