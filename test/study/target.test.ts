import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SurvivalTarget, ValueTarget } from '../../src/describe/target.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { usualMeaning } from '../../src/study/target/status.ts';
import { timeUnitIn } from '../../src/study/target/time-unit.ts';
import { folderWith, smallFiles, study, subjects, table } from './small-study.ts';

/** The small study with another target file and another entry of it. */
const loaded = (labels: string, target: string, modalities?: string) =>
  loadStudy(
    join(
      folderWith(
        smallFiles({
          'labels.csv': labels,
          'study.yaml': study({ target: `{ file: labels.csv, ${target} }`, ...(modalities && { modalities }) }),
        }),
      ),
      'study.yaml',
    ),
  );

const survival = async (header: string, row: (i: number) => string, target: string) => {
  const {
    target: read,
    warnings,
    cohort,
  } = await loaded(
    table(`id,${header}`, (_, i) => row(i)),
    target,
  );
  const { timeDays, event, name, kind } = read as SurvivalTarget;
  return { timeDays, event, name, kind, warnings, subjects: cohort.subjects };
};
const codes = (warnings: readonly { readonly code: string }[]) => warnings.map(({ code }) => code);

describe('a survival target', () => {
  it('is read from a time and a status, in days', async () => {
    const row = (i: number) => `${i + 1},${i % 3 ? 'alive' : 'dead'}`;
    const { timeDays, event, name, kind, warnings } = await survival('t,state', row, 'time: t, status: state');
    expect([kind, name]).toEqual(['survival', 'state']);
    expect([...timeDays]).toEqual(subjects.map((_, i) => i + 1));
    expect([...event]).toEqual(subjects.map((_, i) => (i % 3 ? 0 : 1)));
    expect(warnings).toEqual([]);
  });

  it.each([
    ['days', 1],
    ['weeks', 7],
    ['months', 30.4375],
    ['years', 365.25],
  ])('in %s is multiplied by %d, with nothing rounded to 32 bits', async (unit, days) => {
    const row = (i: number) => `${24.466666666666665 + i},${i % 2}`;
    const { timeDays } = await survival('t,state', row, `time: t, timeUnit: ${unit}, status: state`);
    expect(timeDays).toBeInstanceOf(Float64Array);
    expect(timeDays[0]).toBe(24.466666666666665 * days);
  });

  it('of several times takes the first that a subject has', async () => {
    const row = (i: number) => (i % 2 ? `${10 + i},,1` : `,${20 + i},0`);
    const target = 'time: [death, seen], status: state';
    const { timeDays } = await survival('death,seen,state', row, target);
    expect([...timeDays.slice(0, 4)]).toEqual([20, 11, 22, 13]);
  });

  it('of several times warns where another is later: the columns contradict each other, or their order is wrong', async () => {
    const row = (i: number) => (i % 2 ? `${10 + i},${i === 3 ? 90 : 9},1` : `,${20 + i},0`);
    const target = 'time: [death, seen], status: state';
    const { warnings } = await survival('death,seen,state', row, target);
    expect(warnings).toEqual([
      {
        code: 'later-time',
        message:
          'labels.csv: "death", "seen", "state": of several times the first counts, yet 1 subject has a later one in another column',
      },
    ]);
    const turned = await survival('death,seen,state', row, 'time: [seen, death], status: state');
    expect(turned.warnings[0].message).toContain('yet 19 subjects have a later one');
  });

  it('has the stated statuses as the event, and any other as censored', async () => {
    const row = (i: number) => `${i + 1},${['cancer', 'other', 'alive', 'infection'][i % 4]}`;
    const one = await survival('t,cause', row, 'time: t, status: cause, event: cancer');
    expect([...one.event.slice(0, 4)]).toEqual([1, 0, 0, 0]);
    const two = await survival('t,cause', row, 'time: t, status: cause, event: [cancer, infection]');
    expect([...two.event.slice(0, 4)]).toEqual([1, 0, 0, 1]);
  });

  it('of a column of 1 for censored has 0 as the event', async () => {
    const row = (i: number) => `${i + 1},${i % 3 ? 1 : 0}.0`;
    const { event } = await survival('t,censorship', row, 'time: t, status: censorship, event: 0');
    expect([...event.slice(0, 4)]).toEqual([1, 0, 0, 1]);
  });

  it('leaves out who lacks time or status, and who has a time of 0, with a warning of each', async () => {
    const row = (i: number) => `${[0, '', 5, 6][i] ?? i + 1},${i === 2 ? 'NA' : i % 2}`;
    const { subjects: kept, warnings, timeDays } = await survival('t,state', row, 'time: t, status: state');
    expect(kept).toEqual(subjects.slice(3));
    expect(timeDays[0]).toBe(6);
    expect(warnings).toEqual([
      {
        code: 'unlabelled-subjects',
        message: 'labels.csv: "t", "state": 2 of 40 subjects have no value and are left out',
      },
      {
        code: 'time-zero',
        message:
          'labels.csv: "t", "state": 1 of 38 subjects has a time of 0, with nothing to foretell, and is left out',
      },
    ]);
  });

  it('whose column names another unit than it is read in is warned of', async () => {
    const row = (i: number) => `${i + 1},${i % 2}`;
    const { warnings } = await survival('OS_MONTHS,state', row, 'time: OS_MONTHS, status: state');
    expect(warnings).toEqual([
      {
        code: 'time-unit',
        message:
          'labels.csv: column "OS_MONTHS" is read in days, although its name says months; if it does mean them, set target.timeUnit',
      },
    ]);
    const said = await survival('OS_MONTHS,state', row, 'time: OS_MONTHS, timeUnit: months, status: state');
    expect(said.warnings).toEqual([]);
  });

  it('is never measured: neither its times nor its status', async () => {
    const all = table('id,age,death,seen,state', (_, i) => `${40 + (i % 13)},${i + 1},${i + 2},${i % 2}`);
    const { cohort } = await loaded(all, 'time: [death, seen], status: state', '  all: labels.csv');
    expect(cohort.blocks[0].modality.features.map(({ name }) => name)).toEqual(['age']);
  });

  it.each([
    ['days_to_death', 'vital_status'],
    ['days', 'event'],
    ['time', 'status'],
    ['OS.time', 'OS'],
  ])('read from classes that hide the length of follow-up is warned of: %s with %s', async (times, status) => {
    const all = table(`id,${times},${status}`, (_, i) => `${i + 1},${i % 2}`);
    const { warnings } = await loaded(all, `column: ${status}`);
    expect(warnings).toEqual([
      {
        code: 'censoring-ignored',
        message: `${status} as classes ignores censoring: who was followed for a short time counts as 0; labels.csv has ${times}, from which target.time and target.status make a survival target`,
      },
    ]);
  });

  it.each([
    ['of few values', (i: number) => `${i % 5},${i % 2}`],
    ['of a state that names no event', (i: number) => `${i + 1},${i % 2 ? 'ill' : 'well'}`],
  ])('is not suspected behind a column named time %s', async (_, row) => {
    const { warnings } = await loaded(
      table('id,time,status', (_, i) => row(i)),
      'column: status',
    );
    expect(warnings).toEqual([]);
  });
});

it.each([
  ['1', 'event'],
  ['Dead', 'event'],
  ['1:DECEASED', 'event'],
  ['1:Recurred/Progressed', 'event'],
  ['0:LIVING', 'censored'],
  ['0:DiseaseFree', 'censored'],
  ['0:ALIVE OR DEAD TUMOR FREE', 'censored'],
  ['Censored', 'censored'],
  ['2', undefined],
  ['moved', undefined],
])('the status %s usually means %s', (said, meaning) => {
  expect(usualMeaning(said)).toBe(meaning);
});

it.each([
  ['survival_months', 'months'],
  ['OS.days', 'days'],
  ['timeYears', 'years'],
  ['days_to_death', 'days'],
  ['OS.time', undefined],
  ['monthsary', undefined],
])('the name %s spells %s', (name, unit) => {
  expect(timeUnitIn(name)).toBe(unit);
});

describe('a target of values', () => {
  it('is the column, with its unit, at full precision', async () => {
    const values = table('id,hba1c', (_, i) => (i === 1 ? '' : `${5.123456789 + i}`));
    const { target, warnings } = await loaded(values, 'kind: value, unit: percent');
    const { values: read, ...rest } = target as ValueTarget;
    expect(rest).toEqual({ kind: 'value', name: 'hba1c', unit: 'percent' });
    expect(read).toBeInstanceOf(Float64Array);
    expect([...read.slice(0, 2)]).toEqual([5.123456789, 7.123456789]);
    expect(codes(warnings)).toEqual(['unlabelled-subjects']);
  });

  it('may be whole numbers, 0 or below it', async () => {
    const { target } = await loaded(
      table('id,change', (_, i) => `${i - 7}`),
      'kind: value',
    );
    expect([...(target as ValueTarget).values.slice(6, 9)]).toEqual([-1, 0, 1]);
  });
});
