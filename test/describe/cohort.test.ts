import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import {
  type Block,
  blockOf,
  type Cohort,
  cohort,
  rowsWith,
  takeSubjects,
  withOnly,
} from '../../src/describe/cohort.ts';
import { type ClassTarget, classCounts, takeTarget } from '../../src/describe/target.ts';

/** Subjects who lack the modality are given by 0 in `present`. */
function block(name: string, values: readonly number[], present: readonly number[]): Block {
  const width = values.length / present.length;
  return {
    modality: {
      name,
      features: Array.from({ length: width }, (_, j) => ({ name: `${name}${j}`, scale: 'interval' as const })),
      noise: 'unknown',
      constraint: 'none',
      sampling: { kind: 'once' },
      missingness: 'unknown',
    },
    values: matrix(present.length, width, Float32Array.from(values)),
    observed: Uint8Array.from(values, (_, at) => present[Math.floor(at / width)]),
    present: Uint8Array.from(present),
  };
}

const three = (): Cohort =>
  cohort(['a', 'b', 'c'], [block('rna', [1, 2, 0, 0, 5, 6], [1, 0, 1]), block('ct', [7, 8, 0], [1, 1, 0])]);

describe('a cohort', () => {
  it('refuses two modalities of one name', () => {
    expect(() => cohort(['a'], [block('rna', [1], [1]), block('rna', [2], [1])])).toThrow(
      'cohort: two modalities named "rna"',
    );
  });

  it('refuses values of another shape than subjects and features', () => {
    const rna = block('rna', [1, 2, 3, 4], [1, 1]);
    expect(() => cohort(['a', 'b', 'c'], [rna])).toThrow(
      'cohort: rna: values do not fit, expected [3 subjects, 2 features], got [2, 2]',
    );
  });

  it('refuses masks of another length as a broken invariant', () => {
    const rna = { ...block('rna', [1, 2], [1, 1]), present: new Uint8Array(3) };
    expect(() => cohort(['a', 'b'], [rna])).toThrow('internal: masks of rna');
  });

  it('gives a modality by name, and refuses a name it lacks', () => {
    expect(blockOf(three(), 'ct').values.shape).toEqual([3, 1]);
    expect(() => blockOf(three(), 'mri')).toThrow('cohort: unknown modality "mri", expected one of rna, ct');
  });
});

describe('subjects', () => {
  it('are taken by row, in the order given, with their masks', () => {
    const taken = takeSubjects(three(), [2, 0]);
    expect(taken.subjects).toEqual(['c', 'a']);
    expect([...taken.blocks[0].values.data]).toEqual([5, 6, 1, 2]);
    expect([...taken.blocks[0].observed]).toEqual([1, 1, 1, 1]);
    expect([...taken.blocks[1].present]).toEqual([0, 1]);
  });

  it('are taken as copies: what is done to them leaves the cohort as it was', () => {
    const whole = three();
    const taken = takeSubjects(whole, [0]);
    taken.blocks[0].values.data[0] = 99;
    taken.blocks[0].observed[0] = 0;
    expect(whole.blocks[0].values.data[0]).toBe(1);
    expect(whole.blocks[0].observed[0]).toBe(1);
  });

  it('who have the named modalities are found, those who have all by default', () => {
    expect([...rowsWith(three())]).toEqual([0]);
    expect([...rowsWith(three(), ['ct'])]).toEqual([0, 1]);
    expect([...rowsWith(three(), [])]).toEqual([0, 1, 2]);
  });
});

describe('a cohort with only some modalities', () => {
  it('is as if the others had never been measured', () => {
    const { blocks, subjects } = withOnly(three(), ['ct']);
    expect(subjects).toEqual(['a', 'b', 'c']);
    expect([...blocks[0].values.data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(blocks[0].observed.includes(1) || blocks[0].present.includes(1)).toBe(false);
    expect(blocks[0].modality.features).toHaveLength(2);
    expect([...blocks[1].values.data]).toEqual([7, 8, 0]);
  });

  it('leaves the whole cohort as it was', () => {
    const whole = three();
    withOnly(whole, []);
    expect([...whole.blocks[0].present]).toEqual([1, 0, 1]);
  });
});

describe('a target', () => {
  const target: ClassTarget = {
    kind: 'classes',
    name: 'ill',
    classes: ['no', 'yes', 'unsure'],
    labels: Int32Array.of(0, 1, 1),
  };

  it('counts the subjects of each class, of none too', () => {
    expect([...classCounts(target)]).toEqual([1, 2, 0]);
  });

  it('is taken by row with all its classes', () => {
    const taken = takeTarget(target, [2, 2, 0]);
    expect(taken).toMatchObject({ name: 'ill', classes: ['no', 'yes', 'unsure'] });
    expect([...taken.labels]).toEqual([1, 1, 0]);
  });
});

describe('the sites of a cohort', () => {
  const sites = ['north', 'south', 'north'];
  const told = () => cohort(three().subjects, three().blocks, sites);
  const sitesIn = (x: Cohort) => x.blocks.map((one) => one.sites);

  it('are told to every block, and to none where nobody tells them', () => {
    expect(sitesIn(told())).toEqual([sites, sites]);
    expect(three().blocks.some((one) => 'sites' in one)).toBe(false);
  });

  it('stay with their subjects, whoever is taken and whatever is masked', () => {
    expect(sitesIn(takeSubjects(told(), [1, 0]))).toEqual([
      ['south', 'north'],
      ['south', 'north'],
    ]);
    expect(sitesIn(withOnly(told(), ['ct']))).toEqual([sites, sites]);
    expect(takeSubjects(three(), [1]).blocks.some((one) => 'sites' in one)).toBe(false);
  });

  it('must be as many as subjects', () => {
    expect(() => cohort(three().subjects, three().blocks, ['north'])).toThrow(
      'cohort: rna: sites: not a site a subject, expected 3, got 1',
    );
  });
});
