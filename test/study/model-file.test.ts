import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/array/sha256.ts';
import { InputError } from '../../src/errors.ts';
import { readStoredZip, type StoredFiles, writeStoredZip } from '../../src/read/packed/stored-zip.ts';
import { fitStudy } from '../../src/study/fit-study.node.ts';
import { type ModelFile, readModel, writeModel } from '../../src/study/model-file.ts';
import { openFusion } from '../../src/study/registry.ts';
import { fittedModel } from './fitted-model.ts';
import { folderWith, smallFiles, subjects } from './small-study.ts';

let model: ModelFile;
let bytes: Uint8Array;

beforeAll(async () => {
  model = await fittedModel('late:mean');
  bytes = await writeModel(model);
});

async function refusal(altered: Uint8Array): Promise<string> {
  const error: unknown = await readModel(altered, 'm.model').then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

/** The model with files of its own put in, and all checksums right: what a forger can do. */
async function forged(change: (files: Map<string, Uint8Array>) => void, sums = true): Promise<Uint8Array> {
  const { files } = await readStoredZip(bytes, 'm');
  const altered = new Map(files);
  change(altered);
  if (sums) {
    altered.delete('SHA256SUMS');
    let list = '';
    for (const [name, part] of altered) list += `${await sha256(part)}  ${name}\n`;
    altered.set('SHA256SUMS', new TextEncoder().encode(list));
  }
  return writeStoredZip(altered);
}

const json = (files: StoredFiles) => JSON.parse(new TextDecoder().decode(files.get('model.json')));
const put = (files: Map<string, Uint8Array>, value: unknown) =>
  files.set('model.json', new TextEncoder().encode(JSON.stringify(value)));

describe('a model file', () => {
  it('gives back the model, and the same bytes when written again', async () => {
    const read = await readModel(bytes, 'm');
    expect(read).toEqual(model);
    expect(await writeModel(read)).toEqual(bytes);
  });

  it('has the same bytes for the same seed, and others for another', async () => {
    expect(await writeModel(await fittedModel('late:mean'))).toEqual(bytes);
    expect(await writeModel(await fittedModel('late:mean', 8))).not.toEqual(bytes);
  });

  it('holds no subject: no id, no row', async () => {
    // Ids and cells that occur nowhere else.
    const ids = subjects.map((id) => `patient-${id}-name`);
    const files = Object.fromEntries(
      Object.entries(smallFiles()).map(([name, text]) => [
        name,
        (text as string).replace(/^s(\d\d),/gm, (_, n: string) => `patient-s${n}-name,`),
      ]),
    );
    const folder = folderWith(files);
    const fit = await fitStudy(`${folder}/study.yaml`, { strategy: 'early:logistic' });
    const text = new TextDecoder('latin1').decode(await writeModel(fit.model));
    expect(fit.model.description.training).toEqual({
      subjects: 40,
      counts: { 0: 20, 1: 20 },
      modalities: { rna: 40, clinical: 40 },
    });
    expect(ids.filter((id) => text.includes(id))).toEqual([]);
    expect(text).not.toContain(folder);
    const cells = (files['rna.csv'] as string)
      .split('\n')
      .slice(1, -1)
      .flatMap((row) => row.split(',').slice(1));
    expect(cells.filter((cell) => text.includes(cell))).toEqual([]);
  });

  it('says what it was fitted to and how its tables are read', async () => {
    const folder = folderWith(
      smallFiles({
        'study.yaml': `target: labels.csv
modalities:
  rna: { file: rna.csv, missing: ['', '-9'], key: id, unit: z }
protocol: { inner: 3 }
`,
      }),
    );
    const { model: one } = await fitStudy(`${folder}/study.yaml`, { strategy: 'single:rna', seed: 4 });
    expect(one.description).toMatchObject({
      study: 'study',
      strategy: { name: 'single:rna', spec: { kind: 'single', version: 1, options: { modality: 'rna' } } },
      seed: 4,
      target: { kind: 'classes', name: 'ill', classes: ['0', '1'] },
      modalities: [
        {
          modality: {
            name: 'rna',
            features: [{ name: 'g1', scale: 'interval', unit: 'z' }, { name: 'g2' }, { name: 'g3' }],
          },
          numbers: 'float32',
          table: { files: ['rna.csv'], key: 'id', missing: ['', '-9'] },
        },
      ],
    });
  });
});

describe('readModel refuses', () => {
  it('a file in which any byte was altered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const altered = bytes.slice();
        altered[at] ^= mask;
        await refusal(altered);
      }),
      { numRuns: 400, seed: 3 },
    );
  });

  it('naming the part that was altered', async () => {
    const { files } = await readStoredZip(bytes, 'm');
    for (const [name, part] of files) {
      const altered = bytes.slice();
      altered[part.byteOffset - bytes.byteOffset + (part.length >> 1)] ^= 1;
      const message = await refusal(altered);
      if (name !== 'SHA256SUMS') {
        expect(message).toBe(
          `m.model: damaged model, expected the bytes that were written, got a ${name} that was altered`,
        );
      }
    }
  });

  it('a file that ends too early, and what is no zip', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        await refusal(bytes.slice(0, length));
      }),
      { numRuns: 100, seed: 4 },
    );
    expect(await refusal(new TextEncoder().encode('id,x\n'))).toBe(
      'm.model: not a model, or damaged, expected a file that `consilience fit` wrote, got no end record where it should be; truncated, or of another kind',
    );
  });

  it('a newer version and another kind', async () => {
    expect(await refusal(await forged((files) => put(files, { ...json(files), version: 2 })))).toBe(
      'm.model: from a newer consilience, expected version 1 at most, got version 2',
    );
    expect(await refusal(await forged((files) => put(files, { ...json(files), kind: 'comparison' })))).toBe(
      'm.model: not a model, expected kind "model", got "comparison"',
    );
    expect(await refusal(await forged((files) => files.delete('model.json')))).toBe(
      'm.model: not a model, expected model.json in it',
    );
    expect(await refusal(await forged((files) => files.set('model.json', new TextEncoder().encode('[]'))))).toBe(
      'm.model: model.json: not a JSON object, expected that of a model',
    );
  });

  it('a model that lacks a part, or has one more', async () => {
    const part = 'blobs/expert 0/model/weights.0';
    expect(await refusal(await forged((files) => files.delete(part), false))).toBe(
      `m.model: a part of the model is missing, expected ${part}`,
    );
    expect(await refusal(await forged((files) => files.set('blobs/more', Uint8Array.of(1)), false))).toBe(
      'm.model: damaged model, expected the bytes that were written, got a blobs/more that was altered',
    );
  });

  it.each([
    [{ seed: 'one' }, 'seed', 'a whole number from 0', '"one"'],
    [{ strategy: null }, 'strategy', 'an object', 'null'],
    [{ modalities: [{}] }, 'modalities.0.modality', 'an object', 'nothing'],
    [{ target: { kind: 'fate', name: 'x' } }, 'target.kind', 'one of classes, survival, value', '"fate"'],
    [{ fitted: { kind: 'late', version: -1 } }, 'fitted.version', 'a whole number from 0', '-1'],
    [{ fitted: { kind: 'late', version: 1, state: {} } }, 'fitted.state.readout', 'an object', 'nothing'],
  ])('a description that is not one: %j', async (change, path, expected, got) => {
    expect(await refusal(await forged((files) => put(files, { ...json(files), ...change })))).toBe(
      `m.model: model.json: ${path}: not what a model has there, expected ${expected}, got ${got}`,
    );
  });

  it('parts that do not fit: a readout of another target, places that no feature has', async () => {
    const altered = async (from: string, to: string) => {
      const change = (files: Map<string, Uint8Array>) => {
        const text = new TextDecoder().decode(files.get('model.json'));
        expect(text).toContain(from);
        files.set('model.json', new TextEncoder().encode(text.replace(from, to)));
      };
      return refusal(await forged(change));
    };
    const where = 'm.model: model.json: fitted.state';
    expect(await altered('"target":{"kind":"classes"', '"target":{"kind":"value"')).toBe(
      `${where}.readout: does not fit the target, expected value, got classes`,
    );
    expect(await altered('"classes":["0","1"]', '"classes":["0","1","2"]')).toBe(
      `${where}.readout.state.classes: does not fit the target, expected ["0","1","2"], got ["0","1"]`,
    );
    for (const place of ['7', '-1', '0.5', '"g1"', 'null']) {
      expect(await altered('"kept":[0,', `"kept":[${place},`)).toBe(
        `${where}.experts.0.state.prepare.state.steps.1.state.kept: out of range, expected a list of whole numbers below 3, got ${place}`,
      );
    }
  });

  it.each([null, {}, 'g1', 1])('places that are no list: %j', async (kept) => {
    const change = (files: Map<string, Uint8Array>) => {
      const altered = json(files);
      altered.fitted.state.experts[0].state.prepare.state.steps[1].state.kept = kept;
      put(files, altered);
    };
    expect(await refusal(await forged(change))).toMatch(
      /\.steps\.1\.state\.kept: out of range, expected a list of whole numbers below 3, got /,
    );
  });

  it.each(['constructor', 'toString', '__proto__', 'blended'])('a kind of fusion that is none: %s', async (kind) => {
    const change = (files: Map<string, Uint8Array>) =>
      put(files, { ...json(files), fitted: { ...json(files).fitted, kind } });
    const { saved } = await readModel(await forged(change), 'm');
    expect(() => openFusion(saved)).toThrow(
      `registry: unknown kind "${kind}", expected one of single, best-single, early, intermediate, late, blend`,
    );
  });
});
