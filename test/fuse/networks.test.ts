import { describe, expect, it } from 'vitest';
import { type Cohort, takeSubjects } from '../../src/describe/cohort.ts';
import { exportProgram } from '../../src/engine/compile/export-program.ts';
import { openProgram } from '../../src/engine/compile/open-program.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import { intermediate, openIntermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { type FittedFusion, type Networks, opinionIn } from '../../src/fuse/prediction.ts';
import { prepareModality } from '../../src/harmonize/prepare.ts';
import { targetOf, world } from '../contract/cohorts.ts';

const small = { width: 8, heads: 2, epochs: 3, patience: 2, members: 2, batchSize: 32 };

/** What the exported graph says, [subjects, width]. */
async function saidBy({ networks }: FittedFusion, x: Cohort): Promise<number[]> {
  const { program, feeds } = networks as Networks;
  const opened = await openProgram(await exportProgram(program()));
  await using session = await Session.open(opened, await nodeRuntime());
  const { opinion } = await session.run(await feeds(x));
  return [...opinion.data];
}

describe('the networks of a fitted intermediate fusion', () => {
  it.each(['classes', 'value'] as const)('say in one exported graph what the fusion says of %s', async (kind) => {
    const made = world();
    const fitted = await intermediate(small).fit(made.x, targetOf(made, kind), { seed: 1 });
    const some = takeSubjects(made.x, [0, 3, 5, 8, 40]);
    const expected = opinionIn(await fitted.apply(some)).data;
    const said = await saidBy(openIntermediate(fitted.save()), some);
    expect(said).toHaveLength(expected.length);
    said.forEach((one, at) => {
      expect(Math.abs(one - expected[at])).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected[at])));
    });
  });

  it('say the opinion that a risk is proportional to', async () => {
    const made = world({ absent: 0 });
    const fitted = await intermediate(small).fit(made.x, targetOf(made, 'survival'), { seed: 1 });
    const risks = opinionIn(await fitted.apply(made.x)).data;
    const said = await saidBy(fitted, made.x);
    const slope = risks[0] / said[0];
    expect(slope).toBeGreaterThan(0);
    for (const [at, risk] of risks.entries()) expect(Math.abs(risk - slope * said[at])).toBeLessThan(1e-4);
  });

  it('name the prepared columns that each input takes', async () => {
    const { x, target } = world();
    const { inputs, program } = (await intermediate(small).fit(x, target, { seed: 1 })).networks as Networks;
    const named = await inputs(takeSubjects(x, []));
    const fed = program().inputs.filter(({ name }) => name !== 'present');
    expect(Object.keys(named).sort()).toEqual(fed.map(({ name }) => name).sort());
    for (const { name, shape } of fed) expect(named[name].columns?.length ?? shape[1]).toBe(shape[1]);
    // Few features are coded: levels together have the spread of one number.
    const { columns } = named['modality 2/values'];
    expect(columns).toBeUndefined();
    expect(named['modality 2/measured']).toEqual({ modality: 'clinical', mask: true });
  });

  it('take prepared columns as they are where they say so', async () => {
    const { x, target } = world({ features: [20, 24], clinical: false });
    const { inputs, feeds } = (await intermediate(small).fit(x, target, { seed: 1 })).networks as Networks;
    const named = await inputs(takeSubjects(x, []));
    const fed = await feeds(x);
    const { fitted } = await prepareModality(x, 'assay1', undefined, target, { seed: 1 });
    const ready = await fitted.apply(x.blocks[0]);
    expect(named['modality 0/values'].columns).toEqual(ready.modality.features.map(({ name }) => name));
    const expected = ready.values.data.map((value, at) => (ready.observed[at] ? value : 0));
    expect([...fed['modality 0/values'].data]).toEqual([...expected]);
  });
});
