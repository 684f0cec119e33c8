import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { type Block, type Cohort, cohort, takeSubjects } from '../../src/describe/cohort.ts';
import { imageFeatures } from '../../src/describe/image-layout.ts';
import type { ImageLayout } from '../../src/describe/modality.ts';
import type { ClassTarget } from '../../src/describe/target.ts';
import { exportProgram } from '../../src/engine/compile/export-program.ts';
import { openProgram } from '../../src/engine/compile/open-program.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import { intermediate, openIntermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { type ClassPrediction, type Fusion, type Networks, opinionIn, type Reader } from '../../src/fuse/prediction.ts';
import { auroc, aurocOfClasses } from '../../src/score/auroc.ts';
import { modality } from '../contract/cohorts.ts';

interface World {
  readonly x: Cohort;
  readonly target: ClassTarget;
}

/**
 * Noise with a square (a cube) somewhere, brighter than the rest in one class and darker in the other, so that its place
 * says nothing; beside it a table of noise. Some have no image, some no table.
 */
function squares(subjects: number, seed: number, shape: ImageLayout['shape'], permuted = false): World {
  const generator = random(seed);
  const layout: ImageLayout = { channels: 1, shape, affine: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1] };
  const size = shape[0] * shape[1] * shape[2];
  const [side, depth] = [4, Math.min(4, shape[0])];
  const voxels = Float32Array.from({ length: subjects * size }, () => 100 + 20 * generator.normal());
  const truth = Int32Array.from({ length: subjects }, (_, i) => i % 2);
  for (let i = 0; i < subjects; i++) {
    const [z, y, x] = shape.map((length, axis) => generator.integer(length - (axis === 0 ? depth : side) + 1));
    for (let k = z; k < z + depth; k++) {
      for (let j = y; j < y + side; j++) {
        const row = i * size + (k * shape[1] + j) * shape[2];
        for (let at = row + x; at < row + x + side; at++) voxels[at] += truth[i] ? 50 : -50;
      }
    }
  }
  const numbers = Float32Array.from({ length: subjects * 3 }, () => generator.normal());
  const labels = truth.slice();
  if (permuted) {
    for (let i = subjects - 1; i > 0; i--) {
      const j = generator.integer(i + 1);
      [labels[i], labels[j]] = [labels[j], labels[i]];
    }
  }
  const block = (name: string, data: Float32Array, lacks: (i: number) => boolean, image?: ImageLayout): Block => {
    const features = image
      ? imageFeatures(image, { scale: 'interval' })
      : ['a', 'b', 'c'].map((feature) => ({ name: feature, scale: 'interval' as const }));
    const present = Uint8Array.from({ length: subjects }, (_, i) => Number(!lacks(i)));
    const shown = (at: number) => present[Math.floor(at / features.length)];
    return {
      modality: { ...modality(name, features), ...(image && { image }) },
      values: matrix(
        subjects,
        features.length,
        data.map((value, at) => (shown(at) ? value : 0)),
      ),
      observed: Uint8Array.from(data, (_, at) => shown(at)),
      present,
    };
  };
  const ids = Array.from({ length: subjects }, (_, i) => `s${String(i).padStart(4, '0')}`);
  const scan = block('scan', voxels, (i) => i % 17 === 3, layout);
  const blocks = [scan, block('table', numbers, (i) => i % 11 === 5)];
  return { x: cohort(ids, blocks), target: { kind: 'classes', name: 'outcome', classes: ['no', 'yes'], labels } };
}

const small = { width: 16, heads: 2, epochs: 30, patience: 12, members: 1 };
const plane: ImageLayout['shape'] = [1, 12, 12];

/** Of new subjects who have an image. */
async function aurocOf({ x, target }: World, fitted: { apply(x: Cohort): Promise<unknown> }): Promise<number> {
  const { probability } = (await fitted.apply(x)) as ClassPrediction;
  const rows = [...x.blocks[0].present.keys()].filter((i) => x.blocks[0].present[i] === 1);
  return auroc(
    rows.map((i) => probability.data[2 * i + 1]),
    rows.map((i) => target.labels[i]),
  ) as number;
}

describe('intermediate fusion with an image beside a table', () => {
  it('finds what stands anywhere in the image, and nothing where labels are permuted', async () => {
    const fresh = squares(120, 7, plane);
    const found = squares(120, 1, plane);
    const fitted = await intermediate(small).fit(found.x, found.target, { seed: 1 });
    expect(await aurocOf(fresh, fitted)).toBeGreaterThan(0.9);
    const { x, target } = squares(120, 1, plane, true);
    const nothing = await (intermediate(small).crossFit as NonNullable<Fusion['crossFit']>)(x, target, { seed: 1 });
    const outOfFold = aurocOfClasses(nothing.outOfFold, target.labels) as number;
    expect(Math.abs(outOfFold - 0.5)).toBeLessThan(0.16); // three standard errors of an AUROC of 60 and 60
  }, 120_000);

  it('finds it in a volume', async () => {
    const cube: ImageLayout['shape'] = [8, 8, 8];
    const found = squares(100, 2, cube);
    const fitted = await intermediate(small).fit(found.x, found.target, { seed: 1 });
    expect(await aurocOf(squares(120, 8, cube), fitted)).toBeGreaterThan(0.9);
  }, 120_000);

  it('names the patches that the table asks, and where they are; opens again, and leaves as one ONNX graph', async () => {
    const { x, target } = squares(40, 3, plane);
    const fitted = await intermediate({ ...small, epochs: 2 }).fit(x, target, { seed: 1 });
    const opened = openIntermediate(
      JSON.parse(JSON.stringify({ ...fitted.save(), blobs: undefined })) && fitted.save(),
    );
    const some = takeSubjects(x, [0, 3, 5, 8, 20]); // 3 has no image, 5 no table
    const said = opinionIn(await fitted.apply(some)).data;
    expect(opinionIn(await opened.apply(some)).data).toEqual(said);

    const { tokens } = await (opened.reader as Reader).conversation(some);
    expect(tokens.map(({ modality: of, name }) => `${of} ${name}`).slice(35)).toEqual([
      'scan patch 5,5,0',
      'table a',
      'table b',
      'table c',
    ]);
    expect(tokens[35].place).toEqual({ centreMm: [21, 21, 0], lowMm: [19, 19, -1], highMm: [23, 23, 1] });
    expect(tokens[36].place).toBeUndefined();

    const { program, feeds, inputs } = opened.networks as Networks;
    const graph = await openProgram(await exportProgram(program()));
    await using session = await Session.open(graph, await nodeRuntime());
    const { opinion } = await session.run(await feeds(some));
    for (const [at, one] of [...opinion.data].entries()) expect(Math.abs(one - said[at])).toBeLessThan(1e-5);
    const image = graph.inputs.find(({ name }) => name === 'modality 0/values');
    expect(image?.shape).toEqual(['batch', 1, 12, 12]);
    expect((await inputs(takeSubjects(x, [])))['modality 0/values']).toEqual({ modality: 'scan', mask: false });
  }, 120_000);
});
