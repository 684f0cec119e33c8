import { describe, expect, it } from 'vitest';
import type { TargetKind } from '../../src/describe/target.ts';
import { parseStudy } from '../../src/study/parse.ts';
import { buildStrategies, strategiesOf } from '../../src/study/strategies.ts';

const modalities = ['rna', 'protein'];

function names(strategies: string): string[] {
  return specs(strategies).map(({ name }) => name);
}

function specs(strategies: string, kind: TargetKind = 'classes') {
  const study = parseStudy(`modalities: { rna: r.csv, protein: p.csv }\ntarget: t.csv\n${strategies}`, 's.yaml');
  return strategiesOf(study, modalities, 'auroc', kind);
}

describe('the strategies of a study', () => {
  it('are every single modality, the best of them and all fusions by default', () => {
    const all = [
      'single:rna',
      'single:protein',
      'single:best',
      'early:logistic',
      'late:mean',
      'late:weighted',
      'late:stacked',
    ];
    expect(names('')).toEqual(all);
  });

  it('always hold the best single modality, to compare with', () => {
    expect(names('strategies: [late:mean]')).toEqual(['single:best', 'late:mean']);
  });

  it('may have options of their own, over those the study gives all', () => {
    const entry = '{ kind: late, name: omics, combine: stacked, modalities: [rna], logistic: { penalties: [3] } }';
    const found = specs(`logistic: { penalties: [1] }\nstrategies: [late:mean, ${entry}]`);
    expect(found.map(({ name }) => name)).toEqual(['single:best', 'late:mean', 'late:omics']);
    expect(found[1].spec.options).toEqual({ logistic: { penalties: [1] }, combine: 'mean' });
    expect(found[2].spec.options).toEqual({ combine: 'stacked', modalities: ['rna'], logistic: { penalties: [3] } });
  });

  it('are refused where an option is not one of theirs, by name', () => {
    expect(() => names('strategies:\n  - { kind: early, combine: mean }')).toThrow(
      's.yaml:4:20: strategies.0.combine: unknown option, expected one of modalities, logistic, cox, ridge, recalibrate, kind, name, got "combine"',
    );
    expect(() => names('strategies: [late:median]')).toThrow('s.yaml:3:14: strategies.0: unknown value "late:median"');
  });

  it('are refused where they name a modality that the study lacks', () => {
    expect(() => names('strategies: [{ kind: late, modalities: [rna, protien] }]')).toThrow(
      'strategies: late:mean: unknown modality "protien", did you mean "protein"?, expected one of rna, protein',
    );
  });

  it('are refused where two have one name', () => {
    expect(() => names('strategies: [late:mean, { kind: late }]')).toThrow(
      'strategies: two strategies named "late:mean", expected a name for one of them',
    );
  });

  it('hold a blend where it is named, by its combiner or a name of its own', () => {
    const entry = '{ kind: blend, name: two, members: [late, intermediate], intermediate: { epochs: 9 } }';
    const found = specs(`logistic: { penalties: [1] }\nstrategies: [blend, { kind: blend, combine: mean }, ${entry}]`);
    expect(found.map(({ name }) => name)).toEqual(['single:best', 'blend:convex', 'blend:mean', 'blend:two']);
    expect(found[1]).toMatchObject({
      role: 'fusion',
      spec: { kind: 'blend', options: { logistic: { penalties: [1] } } },
    });
    expect(found[3].spec.options).toEqual({
      logistic: { penalties: [1] },
      members: ['late', 'intermediate'],
      intermediate: { epochs: 9 },
    });
    expect(buildStrategies(found)[3].fusion.spec).toEqual(found[3].spec);
  });

  it('are refused where a member of a blend has what does not fit the study', () => {
    expect(() => names('strategies: [{ kind: blend, late: { modalities: [protien] } }]')).toThrow(
      'strategies: blend:convex: late: unknown modality "protien", did you mean "protein"?',
    );
    expect(() => specs('strategies: [{ kind: blend, late: { combine: vote } }]', 'value')).toThrow(
      'strategies: blend:convex: late: a combiner that is defined for classes only, expected one of mean, weighted, convex, stacked, got vote',
    );
    expect(() => specs('strategies: [{ kind: blend, early: { recalibrate: true } }]', 'survival')).toThrow(
      'strategies: blend:convex: early: recalibrate: means nothing to a target of kind survival',
    );
    expect(() => names('strategies: [{ kind: blend, combine: vote }]')).toThrow(
      's.yaml:3:29: strategies.0.combine: unknown value "vote", expected one of convex, stacked, mean',
    );
  });
});
