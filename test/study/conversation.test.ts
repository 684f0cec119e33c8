/** What modalities asked each other, through studies: in workers, from the cache, and of new subjects. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../src/fuse/asked.ts';
import { modelPredictionsCsv, modelPredictionsJson } from '../../src/report/model-predictions.ts';
import { resultsJson } from '../../src/report/results.ts';
import { compareStudy } from '../../src/study/compare-study.node.ts';
import { predictStudy } from '../../src/study/predict-study.node.ts';
import { fittedModel } from './fitted-model.ts';
import { folderWith, smallFiles, study, subjects, table } from './small-study.ts';

const assays = smallFiles({
  // A third modality of some subjects only, with more columns than get tokens of their own.
  'protein.csv': table(
    `id,${Array.from({ length: 20 }, (_, j) => `p${j}`).join()}`,
    (_, i) => Array.from({ length: 20 }, (_, j) => Math.sin(i * 3 + j * 5).toFixed(3)).join(),
    subjects.slice(10),
  ),
  'study.yaml': study({
    modalities: '  rna: rna.csv\n  clinical: clinical.csv\n  protein: protein.csv',
    protocol: '{ folds: 2, repeats: 1, inner: 2 }',
    more: 'strategies: [{ kind: intermediate, epochs: 2, members: 1, width: 8, heads: 2 }, late:mean]\n',
  }),
});

/** `results.json` but for times. */
const withoutTimes = (text: string) => text.replace(/"(fit|predict)": [\d.e+-]+/g, '');

describe('a comparison in which modalities ask each other', () => {
  it('says the same in one thread, in workers and from the cache', async () => {
    const folder = folderWith(assays);
    const path = join(folder, 'study.yaml');
    const cache = { folder: join(folder, 'kept') };
    const one = await compareStudy(path, { jobs: 1, cache });
    const conversation = one.comparison.strategies.find(({ name }) => name === 'intermediate:attention')?.conversation;
    expect(conversation?.n).toBe(40);
    expect(conversation?.subjects).toHaveLength(40);
    expect(one.comparison.strategies.find(({ name }) => name === 'late:mean')?.conversation).toBeUndefined();
    const written = withoutTimes(resultsJson(one.comparison));
    let resumed = 0;
    const status = (now: { readonly resumed: number }) => {
      resumed = now.resumed;
    };
    const again = await compareStudy(path, { jobs: 1, cache: { ...cache, status } });
    expect(resumed).toBe(2);
    expect(resultsJson(again.comparison)).toBe(resultsJson(one.comparison)); // times too come from the cache
    const two = await compareStudy(path, { jobs: 2 });
    expect(withoutTimes(resultsJson(two.comparison))).toBe(written);
  });
});

describe('an explained prediction of a model in which modalities ask each other', () => {
  it('tells of each subject who asked whom, and the tokens asked for most', async () => {
    const model = await fittedModel('intermediate:attention', 7, assays);
    const predicted = await predictStudy(model, [folderWith(assays)], { explain: true });
    const told = predicted.asked as readonly Asked[];
    expect(told).toHaveLength(40);
    expect(Object.keys(told[0].between)).toEqual(['rna', 'clinical']); // without protein
    expect(told[0].between).toEqual({
      rna: { clinical: expect.closeTo(1, 5) },
      clinical: { rna: expect.closeTo(1, 5) },
    });
    for (const { between, tokens } of told.slice(10)) {
      expect(Object.keys(between)).toEqual(['rna', 'clinical', 'protein']);
      for (const [asking, shares] of Object.entries(between)) {
        expect(Object.keys(shares)).not.toContain(asking);
        expect(Object.values(shares).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      }
      expect(tokens).toHaveLength(3);
      const ratios = tokens.map(({ askedFor, even }) => askedFor / even);
      expect(ratios).toEqual([...ratios].sort((a, b) => b - a));
      for (const { modality, token } of tokens) {
        expect(['rna g1', 'rna g2', 'rna g3', 'clinical age', 'clinical sex', 'clinical marker']).toContain(
          `${modality} ${token}`,
        );
      }
    }
    const json = JSON.parse(modelPredictionsJson(predicted)) as { predictions: { conversation: Asked }[] };
    expect(json.predictions.map(({ conversation }) => Object.keys(conversation))).toEqual(
      new Array(40).fill(['between', 'tokens']),
    );
    expect(json.predictions[12].conversation.between.rna.protein).toBeCloseTo(told[12].between.rna.protein, 6);
    expect(modelPredictionsCsv(predicted.prediction)).not.toContain('between');
  });

  it('is told only where it is asked for, and only of such a model', async () => {
    const data = [folderWith(assays)];
    const model = await fittedModel('intermediate:attention', 7, assays);
    expect(await predictStudy(model, data)).not.toHaveProperty('asked');
    const late = await predictStudy(await fittedModel('late:mean', 7, assays), data, { explain: true });
    expect(late).not.toHaveProperty('asked');
    expect(modelPredictionsJson(late)).not.toContain('conversation');
  });
});
