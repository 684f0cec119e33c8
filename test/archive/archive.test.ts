/**
 * One model of every released version, which must keep opening and predicting the same. Made by
 *
 *     node dist/cli/main.js fit test/archive/study/study.yaml --strategy late:stacked -o test/archive/VERSION-late.model
 *     node dist/cli/main.js predict test/archive/VERSION-late.model test/archive/study --explain -o test/archive/VERSION-late.csv
 *
 * and likewise of early:logistic. A file of a released version is never written anew.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { predictionColumns } from '../../src/report/prediction-columns.ts';
import { loadModel, predictStudy } from '../../src/study/predict-study.node.ts';

const folder = fileURLToPath(new URL('./', import.meta.url));
const models = readdirSync(folder).filter((name) => name.endsWith('.model'));

describe('a model of an earlier version', () => {
  it('is there', () => {
    expect(models).toContain('0.1.0-late.model');
    expect(models).toContain('0.1.0-early.model');
  });

  it.each(models)('opens and predicts the same figures: %s', async (name) => {
    const { prediction } = await predictStudy(await loadModel(`${folder}${name}`), [`${folder}study`], {
      explain: true,
    });
    const columns = new Map(predictionColumns(prediction).map((column) => [column.name, column.values]));
    const [header, ...rows] = readFileSync(`${folder}${name.replace('.model', '.csv')}`, 'utf8')
      .trim()
      .split('\n');
    const names = header.split(',');
    expect(rows).toHaveLength(40);
    expect([...columns.keys()]).toEqual(names);
    rows.forEach((row, i) => {
      row.split(',').forEach((cell, j) => {
        const value = columns.get(names[j])?.[i];
        if (typeof value === 'number') expect(value).toBeCloseTo(Number(cell), 6);
        else expect(value).toBe(cell);
      });
    });
  });
});
