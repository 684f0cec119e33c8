/** Networks from several seeds, their opinions averaged; as bytes and from bytes. */

import { toBytes } from '../../array/bytes.ts';
import { type Matrix, zeros } from '../../array/matrix.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { type TabularSpec, tabularEncoder } from '../../encode/tabular.ts';
import type { Program } from '../../engine/compile/compile.ts';
import { Session } from '../../engine/session/session.ts';
import { InputError } from '../../errors.ts';
import type { JsonObject, Saved } from '../../estimator.ts';
import type { Design } from './design.ts';
import { saidOf } from './forward.ts';
import type { Architecture } from './network.ts';
import { type Telling, told } from './objective.ts';
import { forwardProgram } from './problem.ts';
import type { RuntimeSource } from './runtime.ts';

/** What is learned but the parameters. */
export interface EnsembleState {
  readonly architecture: Architecture;
  readonly telling: Telling;
  /** Taken off what each member says: of risks the mean over the training subjects, else 0. */
  readonly zeros: readonly number[]; // [members]
  /** Opinions are divided by it: of risks the standard deviation over the training subjects, else 1. */
  readonly scale: number;
}

export interface Ensemble {
  readonly encoders: readonly Encoder[];
  readonly parameters: number;
  /** Opinions [subjects, outputs]. Opens a session and closes it. */
  apply(design: Design, runtime: RuntimeSource): Promise<Matrix<Float64Array>>;
  save(): Saved;
}

export type Member = Readonly<Record<string, Float32Array>>;

export function ensemble(encoders: readonly Encoder[], members: readonly Member[], state: EnsembleState): Ensemble {
  const { architecture, telling } = state;
  let program: Program | undefined; // compiled when first asked
  const parameters = Object.values(members[0]).reduce((sum, { length }) => sum + length, 0);
  return {
    encoders,
    parameters,
    async apply(design, runtime) {
      program ??= forwardProgram(encoders, architecture);
      const { outputs } = architecture;
      const rows = Int32Array.from({ length: design.present.length / design.modalities }, (_, i) => i);
      const out = zeros(rows.length, outputs);
      if (rows.length === 0) return out;
      const session = await Session.open(program, await runtime(), { values: members[0] });
      try {
        for (const [k, member] of members.entries()) {
          session.use(member);
          const { data } = told(telling, await saidOf(session, design, rows, outputs));
          const share = members.length * state.scale;
          for (let at = 0; at < data.length; at++) out.data[at] += (data[at] - state.zeros[k]) / share;
        }
      } finally {
        await session.close();
      }
      return out;
    },
    save() {
      const blobs = Object.fromEntries(members.map((member, k) => [`member ${k}`, packed(member)]));
      const specs = encoders.map(({ spec }) => spec);
      const plain = { ...state, members: members.length, encoders: specs } as unknown as JsonObject;
      return { kind: 'ensemble', version: 1, state: plain, blobs };
    },
  };
}

/** @throws InputError where a part is missing or damaged */
export function openEnsemble({ state, blobs }: Saved): Ensemble {
  const {
    encoders: specs,
    members,
    ...rest
  } = state as unknown as EnsembleState & {
    readonly encoders: readonly (TabularSpec & { readonly kind: string })[];
    readonly members: number;
  };
  const encoders = specs.map(openEncoder);
  const { parameters } = forwardProgram(encoders, rest.architecture);
  const sizes = parameters.map(({ name, shape }) => ({ name, size: shape.reduce<number>((a, b) => a * Number(b), 1) }));
  sizes.sort((a, b) => (a.name < b.name ? -1 : 1));
  const opened = Array.from({ length: members }, (_, k) => unpacked(blobs[`member ${k}`], sizes, k));
  return ensemble(encoders, opened, rest);
}

function openEncoder({ kind, ...spec }: TabularSpec & { readonly kind: string }): Encoder {
  if (kind === 'tabular') return tabularEncoder(spec);
  throw new InputError({ where: 'model: intermediate', what: `unknown encoder "${kind}"`, expected: 'tabular' });
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
