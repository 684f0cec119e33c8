/** The patients of the bench (`npm run bench -- harmonization`), where they are: no image of theirs is in the repository. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { histogramMatch } from '../../../src/harmonize/intensity/histogram-match.ts';
import { nyul } from '../../../src/harmonize/intensity/nyul.ts';
import { jointHarmonize } from '../../../src/harmonize/joint/joint-harmonize.ts';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import { need } from '../../require.ts';
import { root } from '../../structure/sources.ts';

interface Patient {
  readonly patient: string;
}
/** Of each slice, values of 256 grey levels. */
type Tables = readonly { readonly ct: Float64Array; readonly mr: Float64Array }[];
type Method = (train: readonly Patient[]) => Promise<(patient: Patient) => Promise<Tables>>;

const { apart, follows, spreadOf } = await import(`${root}bench/harmonization/judge.mjs`);
const { methodsOf } = await import(`${root}bench/harmonization/methods.mjs`);
const { patientsIn } = await import(`${root}bench/harmonization/slices.mjs`);

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/harvard-ct-mri-patients');
const shared = need('shared', existsSync(folder));

describe('CT and MR of the Harvard patients', () => {
  it('are brought together without soft tissue following bone, in patients not fitted on', async ({ skip }) => {
    skip(shared.skip, shared.reason);
    const patients: Patient[] = await patientsIn(folder, readImageFile);
    expect(patients.map(({ patient }) => patient)).toEqual(['02', '16', '20', '21', '28', '32', '34', '41']);
    const of = (...names: string[]) => patients.filter(({ patient }) => names.includes(patient));
    const methods: Record<string, Method> = methodsOf({ jointHarmonize, histogramMatch, nyul });
    const tablesOf = async (name: string, on: readonly Patient[]) => {
      const learned = await (methods[name] as Method)(of('02', '20', '28', '32', '34', '41'));
      return Promise.all(on.map(learned));
    };
    // What the data's README tells of slices z-scored one by one: -.98, -.97, -.96.
    const told = of('16', '21', '34');
    const slices = await tablesOf('z-score, slice', told);
    const r = told.map((patient, p) => follows(patient, slices[p], 'narrow', 1).r);
    [-0.98, -0.97, -0.96].forEach((expected, p) => {
      expect(Math.abs(r[p] - expected)).toBeLessThan(0.015);
    });

    const unseen = of('16', '21');
    const [joint, separate] = [await tablesOf('joint', unseen), await tablesOf('z-score, slice', unseen)];
    unseen.forEach((patient, p) => {
      expect(Math.abs(follows(patient, joint[p], 'soft', 1).r)).toBeLessThan(0.3);
      expect(follows(patient, separate[p], 'soft', 1).r).toBeLessThan(-0.9);
    });
    const gap = (tables: readonly Tables[]) => apart(unseen, tables, 'ct', 'soft') / spreadOf(unseen, tables, 'ct');
    expect(gap(joint)).toBeLessThan(1.1 * gap(separate));
  }, 60_000);
});
