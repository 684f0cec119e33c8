/** Networks from several seeds, their opinions averaged; as bytes and from bytes. */

import { toBytes } from '../../array/bytes.ts';
import { type Matrix, zeros } from '../../array/matrix.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { openEncoder, type SavedEncoder } from '../../encode/encoders.ts';
import type { Program } from '../../engine/compile/compile.ts';
import { InputError } from '../../errors.ts';
import type { JsonObject, Saved } from '../../estimator.ts';
import { type Design, rowsOf } from './design.ts';
import { ensembleProgram } from './export-ensemble.ts';
import { saidOf } from './forward.ts';
import { addOpinions, type EnsembleState, eachMember, type Member } from './members.ts';
import type { Architecture } from './network.ts';
import { networkOptions } from './options.ts';
import { forwardProgram } from './problem.ts';
import { type EnsembleReader, ensembleReader } from './reader.ts';
import type { RuntimeSource } from './runtime.ts';

export interface Ensemble {
  readonly encoders: readonly Encoder[];
  readonly parameters: number;
  /** Opinions [subjects, outputs]. Opens a session and closes it. */
  apply(design: Design, runtime: RuntimeSource): Promise<Matrix<Float64Array>>;
  readonly reader?: EnsembleReader;
  /** All networks as one graph; see `ensembleProgram`. */
  program(): Program;
  save(): Saved;
}

/** @param program the network of one member, where it is compiled already */
export function ensemble(
  encoders: readonly Encoder[],
  members: readonly Member[],
  state: EnsembleState,
  program?: Program,
): Ensemble {
  const { architecture } = state;
  let compiled = program;
  const reader = ensembleReader(encoders, members, state);
  const parameters = Object.values(members[0]).reduce((sum, { length }) => sum + length, 0);
  return {
    encoders,
    parameters,
    async apply(design, runtime) {
      compiled ??= forwardProgram(encoders, architecture);
      const { outputs } = architecture;
      const rows = rowsOf(design);
      const out = zeros(rows.length, outputs);
      await eachMember(compiled, members, runtime, rows.length, async (session, k) => {
        addOpinions(out, await saidOf(session, design, rows, outputs), state, k, members.length);
      });
      return out;
    },
    ...(reader && { reader }),
    program: () => ensembleProgram(encoders, members, state),
    save() {
      const blobs = Object.fromEntries(members.map((member, k) => [`member ${k}`, packed(member)]));
      const specs = encoders.map(({ spec }) => spec);
      const plain = { ...state, members: members.length, encoders: specs } as unknown as JsonObject;
      return { kind: 'ensemble', version: 1, state: plain, blobs };
    },
  };
}

/** @throws InputError where a part is missing or damaged */
export function openEnsemble({ kind, version, state, blobs }: Saved): Ensemble {
  checkKind(kind, version);
  const {
    encoders: specs,
    members,
    ...rest
  } = state as unknown as EnsembleState & {
    readonly encoders: readonly SavedEncoder[];
    readonly members: number;
  };
  checkArchitecture(rest.architecture, members);
  const encoders = specs.map((spec) => openEncoder(spec, 'model: intermediate'));
  const program = forwardProgram(encoders, rest.architecture);
  const sizes = program.parameters.map(({ name, shape }) => ({
    name,
    size: shape.reduce<number>((a, b) => a * Number(b), 1),
  }));
  sizes.sort((a, b) => (a.name < b.name ? -1 : 1));
  const opened = Array.from({ length: members }, (_, k) => unpacked(blobs[`member ${k}`], sizes, k));
  return ensemble(encoders, opened, rest, program);
}

function checkKind(kind: string, version: number): void {
  if (kind === 'ensemble' && version === 1) return;
  const newer = kind === 'ensemble' && version > 1;
  throw new InputError({
    where: 'model: intermediate',
    what: newer ? 'networks from a newer consilience' : 'no networks',
    expected: 'ensemble, version 1',
    got: `${kind}, version ${version}`,
  });
}

/** What networkOptions would refuse does not come from a fit. */
function checkArchitecture({ variant, width, heads, layers, outputs }: Architecture, members: number): void {
  networkOptions({ variant, width, heads, layers, members });
  if (Number.isInteger(outputs) && outputs > 0) return;
  const expected = 'a positive whole number';
  throw new InputError({ where: 'model: intermediate: outputs', what: 'not a count', expected, got: String(outputs) });
}

/** Parameters by name, one after the other. */
function packed(member: Member): Uint8Array {
  const names = Object.keys(member).sort();
  const all = new Float32Array(names.reduce((sum, name) => sum + member[name].length, 0));
  let at = 0;
  for (const name of names) {
    all.set(member[name], at);
    at += member[name].length;
  }
  return toBytes(all);
}

function unpacked(
  bytes: Uint8Array | undefined,
  sizes: readonly { readonly name: string; readonly size: number }[],
  k: number,
): Member {
  const expected = 4 * sizes.reduce((sum, { size }) => sum + size, 0);
  if (bytes?.byteLength !== expected) {
    throw new InputError({
      where: `model: intermediate: member ${k}`,
      what: 'damaged or missing part of a saved model',
      expected: `${expected} bytes`,
      got: bytes ? `${bytes.byteLength}` : 'none',
    });
  }
  const all = new Float32Array(bytes.slice().buffer);
  let at = 0;
  return Object.fromEntries(sizes.map(({ name, size }) => [name, all.slice(at, (at += size))]));
}
