import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { type ModelProto, ModelProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/array/sha256.ts';
import { compile, type Program } from '../../src/engine/compile/compile.ts';
import { exportProgram } from '../../src/engine/compile/export-program.ts';
import { openProgram } from '../../src/engine/compile/open-program.ts';
import { dense } from '../../src/engine/layer/dense.ts';
import { withChecksum, withoutChecksum } from '../../src/engine/onnx/checksum.ts';
import { producerVersion } from '../../src/engine/onnx/metadata.ts';
import { add, toFloat } from '../../src/engine/ops/arithmetic.ts';
import { mergeAxes } from '../../src/engine/ops/layout.ts';
import { sum } from '../../src/engine/ops/reduction.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import { input } from '../../src/engine/tensor.ts';
import { sgd } from '../../src/engine/train/optimizer.ts';
import { compileTrainingStep } from '../../src/engine/train/training-step.ts';
import { InputError } from '../../src/errors.ts';
import { read } from '../structure/sources.ts';
import { feeds, trainedCrossAttention } from './cross-attention.ts';

/** Every kind of place: float, int and bool inputs, a parameter that is fed and one that is in it, merged axes. */
function everyPlace(): Program {
  const hidden = dense('layer', 3, 2)(input('x', ['batch', 4, 3]));
  const kept = add(sum(hidden, [1, 2]), toFloat(input('mask', ['batch'], 'bool')));
  const y = add(kept, toFloat(input('code', ['batch'], 'int32')));
  return compile({ y, merged: mergeAxes(hidden, 0, 2) }, { values: { 'layer/bias': Float32Array.of(1, 2) } });
}

let trained: Awaited<ReturnType<typeof trainedCrossAttention>>;
let exported: Uint8Array;
beforeAll(async () => {
  trained = await trainedCrossAttention();
  exported = await exportProgram(trained);
});

async function refusal(bytes: Uint8Array, name = 'm.onnx'): Promise<string> {
  const error: unknown = await openProgram(bytes, name).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).where).toBe(name);
  return (error as InputError).message;
}

/** The exported model changed, with a right checksum: what a forger can do, or a newer version. */
function forged(change: (model: ModelProto) => void): Promise<Uint8Array> {
  const model = fromBinary(ModelProtoSchema, withoutChecksum(exported) as Uint8Array);
  change(model);
  return withChecksum(toBinary(ModelProtoSchema, model));
}

const set = (key: string, value: string) => (model: ModelProto) => {
  model.metadataProps = model.metadataProps.filter((entry) => entry.key !== key);
  model.metadataProps.push(create(StringStringEntryProtoSchema, { key, value }));
};

describe('an exported program', () => {
  it('was trained: its network has learned', () => {
    expect(trained.losses.at(-1)).toBeLessThan(trained.losses[0] / 2);
  });

  it('opens as the program that was compiled', async () => {
    for (const program of [trained, everyPlace()]) {
      const {
        onnx,
        description,
        producerVersion: version,
        ...opened
      } = await openProgram(await exportProgram(program));
      const { inputs, parameters, outputs, nodes } = program;
      expect(opened).toEqual({ inputs, parameters, outputs, nodes });
      expect(onnx).toEqual(await exportProgram(program));
      expect([description, version]).toEqual(['', producerVersion]);
    }
    const { parameters, outputs } = await openProgram(await exportProgram(everyPlace()));
    expect(parameters.map(({ name }) => name)).toEqual(['layer/weight']);
    expect(outputs[1].shape).toEqual(['4*batch', 2]);
  });

  it('runs as it did before', async () => {
    const x = feeds(7, 2);
    const made: Record<string, unknown>[] = [];
    for (const program of [trained, await openProgram(exported)]) {
      await using session = await Session.open(program, await nodeRuntime());
      made.push(await session.run(x));
    }
    expect(made[1]).toEqual(made[0]);
  });

  it('has the same bytes each time, also when exported again', async () => {
    expect(await exportProgram(trained)).toEqual(exported);
    expect(await exportProgram(await openProgram(exported))).toEqual(exported);
    const described = await exportProgram(trained, { description: 'who asks whom' });
    expect(described).not.toEqual(exported);
    expect((await openProgram(described)).description).toBe('who asks whom');
    expect(await exportProgram(await openProgram(described))).toEqual(described);
    expect(await exportProgram(await openProgram(described), { description: '' })).toEqual(exported);
  });

  it('keeps bytes of its own: what the caller does to his later changes nothing', async () => {
    const bytes = Buffer.from(exported);
    const { onnx } = await openProgram(bytes);
    bytes.fill(0);
    expect(onnx).toEqual(exported);
  });

  it('says in ONNX what it is, and ends with the SHA-256 of all before', async () => {
    const model = fromBinary(ModelProtoSchema, exported);
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([
      ['kind', 'consilience program'],
      ['version', '1'],
      ['parameters', '[]'],
      ['sha256', await sha256(exported.subarray(0, -76))],
    ]);
    expect([model.producerName, model.producerVersion]).toEqual(['consilience', producerVersion]);
    expect(new TextDecoder().decode(exported.subarray(-64))).toBe(await sha256(exported.subarray(0, -76)));
    expect(toBinary(ModelProtoSchema, model)).toEqual(exported); // in the order that any protobuf library writes
  });

  it('names the version of this package', () => {
    expect(producerVersion).toBe(JSON.parse(read('package.json')).version);
  });

  it('is made of programs that compile made, only', async () => {
    const loss = sum(dense('d', 2, 1)(input('x', ['batch', 2])));
    await expect(exportProgram(compileTrainingStep({ loss, optimizer: sgd() }))).rejects.toThrow(
      'exportProgram: an ONNX file with unknown metadata, expected kind "consilience program", got none',
    );
    await expect(exportProgram(trained, { description: 3 as never })).rejects.toThrow(
      'exportProgram: description, expected a text, got number',
    );
  });
});

describe('opening a program refuses', () => {
  it('what is no ONNX file', async () => {
    const text = new TextEncoder().encode('subject,age\na,31\n');
    expect(await refusal(text, 'a.csv')).toBe(
      'a.csv: not an ONNX file, or truncated, expected an exported program, got 17 bytes of something else',
    );
    expect(await refusal(new Uint8Array())).toBe(
      'm.onnx: not an ONNX file, or truncated, expected an exported program, got no bytes',
    );
    expect(await refusal('text' as never)).toBe('m.onnx: not bytes, expected a Uint8Array, got string');
  });

  it('an ONNX file of somebody else', async () => {
    const foreign = (change: (model: ModelProto) => void) => {
      const model = fromBinary(ModelProtoSchema, exported);
      model.metadataProps = [];
      change(model);
      return refusal(toBinary(ModelProtoSchema, model));
    };
    const expected = 'm.onnx: an ONNX file with unknown metadata, expected kind "consilience program", got';
    expect(await foreign(() => {})).toBe(`${expected} none`);
    expect(await foreign(set('stride', '32'))).toBe(`${expected} "stride"`);
    expect(await foreign((model) => 'abcde'.split('').forEach((key) => set(key, '')(model)))).toBe(
      `${expected} "a", "b", "c", and 2 more`,
    );
    expect(await foreign(set('kind', 'x'.repeat(99)))).toBe(`${expected} kind "${'x'.repeat(40)}..."`);
    expect(await refusal(await forged(set('kind', 'consilience model')))).toBe(`${expected} kind "consilience model"`);
    expect(await refusal(await forged(set('version', 'one')))).toBe(`${expected} version "one"`);
    expect(await refusal(await forged(set('quantized', 'int8')))).toBe(`${expected} also "quantized"`);
    const twice = (model: ModelProto) => model.metadataProps.push(model.metadataProps[0]);
    expect(await refusal(await forged(twice))).toBe(`${expected} twice "kind"`);
  });

  it('one from a newer consilience', async () => {
    const newer = 'm.onnx: from a newer consilience, expected version 1 at most, got version 2';
    expect(await refusal(await forged(set('version', '2')))).toBe(newer);
    const another = fromBinary(ModelProtoSchema, await forged(set('version', '2')));
    another.metadataProps.push(create(StringStringEntryProtoSchema, { key: 'blake3', value: '00' }));
    expect(await refusal(toBinary(ModelProtoSchema, another))).toBe(newer); // also where it ends otherwise
  });

  it('one whose bytes are others than its checksum says', async () => {
    const weight = exported.slice();
    weight[exported.length >> 1] ^= 1;
    const digit = exported.slice();
    digit[exported.length - 1] ^= 1;
    for (const bytes of [weight, digit]) {
      expect(await refusal(bytes)).toBe(
        'm.onnx: damaged program, expected the bytes that were written, got others than its checksum says',
      );
    }
  });

  it('one without its checksum, as compile makes it', async () => {
    expect(await refusal(trained.onnx)).toBe(
      'm.onnx: no checksum at the end, expected a file that exportProgram wrote, got a shorter or another one',
    );
  });

  it.each<[string, (model: ModelProto) => void]>([
    ['format version 8', (model) => (model.irVersion = 8n)],
    ['other operator sets', (model) => (model.opsetImport[0].domain = 'com.microsoft')],
    ['values that are not in it', ({ graph }) => (graph!.initializer[0].dataLocation = 1)],
    ['a node "Gelu" of another make', ({ graph }) => Object.assign(graph!.node[0], { opType: 'Gelu', domain: 'x' })],
    ['no outputs', ({ graph }) => (graph!.output = [])],
    ['two places named "asking"', ({ graph }) => (graph!.output[0].name = 'asking')],
    ['a place without a name', ({ graph }) => (graph!.input[0].name = '')],
    ['a place without type or shape', ({ graph }) => delete graph!.input[0].type],
    ['a length that is none', ({ graph }) => lengthen(graph!.input[0].type, -4n)],
    ['parameters or inputs that are none', set('parameters', '["site"]')],
    ['parameters or inputs that are none', set('parameters', '{}')],
    ['parameters or inputs that are none', set('parameters', '["absent"]')],
  ])('one written with %s', async (got, change) => {
    expect(await refusal(await forged(change as (model: ModelProto) => void))).toBe(
      `m.onnx: not a program, expected a graph that exportProgram wrote, got ${got}`,
    );
  });
});

function lengthen(type: NonNullable<ModelProto['graph']>['input'][number]['type'], length: bigint): void {
  if (type?.value.case === 'tensorType') type.value.value.shape!.dim[1].value = { case: 'dimValue', value: length };
}

/** Opens, or refuses with an InputError that says where and what. */
async function settles(bytes: Uint8Array): Promise<'opened' | 'refused'> {
  try {
    await openProgram(bytes, 'f.onnx');
    return 'opened';
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(/^f\.onnx: \w/);
    return 'refused';
  }
}

describe('whatever bytes are opened, the answer is a program or an InputError', () => {
  const place = fc.nat({ max: 1 << 20 });

  it('random ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await settles(bytes)).toBe('refused');
        expect(await settles(await withChecksum(bytes))).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });

  it('exported ones with a flipped bit, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat({ max: 7 }), async (at, bit) => {
        const bytes = exported.slice();
        bytes[at % bytes.length] ^= 1 << bit;
        expect(await settles(bytes)).toBe('refused');
      }),
      { numRuns: 500 },
    );
    for (let at = exported.length - 76; at < exported.length; at++) {
      const bytes = exported.slice();
      bytes[at] ^= 4;
      expect(await settles(bytes)).toBe('refused');
    }
  });

  it('exported ones that end early, or are followed by more', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.uint8Array({ minLength: 1, maxLength: 9 }), async (at, more) => {
        expect(await settles(exported.slice(0, at % exported.length))).toBe('refused');
        expect(await settles(Uint8Array.from([...exported, ...more]))).toBe('refused');
      }),
      { numRuns: 200 },
    );
  });

  it('forged ones: bytes changed, put in or taken out, under a right checksum', async () => {
    const base = withoutChecksum(exported) as Uint8Array;
    const seen = new Set<string>();
    // Most places are names and shapes, at both ends of the file; weights lie between.
    await fc.assert(
      fc.asyncProperty(place, fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 4 }), async (at, gone, put) => {
        const from = at % base.length;
        const bytes = Uint8Array.from([...base.subarray(0, from), ...put, ...base.subarray(from + gone)]);
        seen.add(await settles(await withChecksum(bytes)));
      }),
      { numRuns: 1000 },
    );
    expect(seen).toEqual(new Set(['opened', 'refused']));
  });

  it('ones that claim to be huge: nothing is allocated by what a header says', async () => {
    // A graph of 2 GiB; an initializer whose dimensions say 2^60 values and which holds none.
    expect(await settles(Uint8Array.of(0x08, 9, 0x3a, 0xff, 0xff, 0xff, 0xff, 7))).toBe('refused');
    const vast = await forged(({ graph }) => {
      graph!.initializer[0].dims = [1n << 60n];
      lengthen(graph!.input[0].type, 1n << 60n);
    });
    expect(await settles(vast)).toBe('refused');
    const deep = Array.from({ length: 5000 }, () => [0x0b]).flat(); // groups in groups
    expect(await settles(Uint8Array.from(deep))).toBe('refused');
  });
});
