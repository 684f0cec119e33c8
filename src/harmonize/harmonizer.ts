import { floatsFrom, toBytes } from '../array/bytes.ts';
import type { Block } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import type { Estimator, Fitted, Json, JsonObject, Saved } from '../estimator.ts';

/** One step of preparing a modality: learned from the blocks of training subjects, applied to any block of it. */
export type Harmonizer = Estimator<Block, Target | undefined, Block>;
export type FittedHarmonizer = Fitted<Block, Block>;

/** What a harmonizer learns: numbers a feature as Float64Array (saved as bytes), all else as JSON. */
export type Learned = { readonly [name: string]: Json | Float64Array };

/**
 * A harmonizer from its two halves. Both are pure; `transform` sees only what `learn` returned, so nothing of the training
 * subjects can leak past it.
 */
export function harmonizer<Options extends object, State extends Learned>(kind: {
  readonly kind: string;
  readonly version: number;
  readonly learn: (block: Block, options: Options, target?: Target) => State;
  readonly transform: (block: Block, state: State) => Block;
}): { (options?: Options): Harmonizer; readonly open: (saved: Saved) => FittedHarmonizer } {
  const fitted = (state: State): FittedHarmonizer => ({
    apply: async (block) => kind.transform(block, state),
    save: () => ({ kind: kind.kind, version: kind.version, ...dismantled(state) }),
  });
  const build = (options: Options = {} as Options): Harmonizer => ({
    spec: { kind: kind.kind, version: kind.version, options: options as unknown as JsonObject },
    fit: async (block, target) => fitted(kind.learn(block, options, target)),
  });
  return Object.assign(build, { open: (saved: Saved) => fitted(assembled(saved) as State) });
}

/** What was learned as JSON and bytes. */
export function dismantled(learned: Learned): Pick<Saved, 'state' | 'blobs'> {
  const state: Record<string, Json> = {};
  const blobs: Record<string, Uint8Array> = {};
  const lengths: Record<string, number> = {};
  for (const [name, value] of Object.entries(learned)) {
    if (value instanceof Float64Array) {
      blobs[name] = toBytes(value);
      lengths[name] = value.length;
    } else state[name] = value as Json;
  }
  return { state: { ...state, lengths }, blobs };
}

/** The inverse of `dismantled`. */
export function assembled({ kind, state, blobs }: Saved): Learned {
  const { lengths, ...rest } = state as { readonly lengths: Record<string, number> } & JsonObject;
  const arrays = Object.entries(lengths).map(([name, length]) => [
    name,
    floatsFrom(blobs[name], length, `${kind}: ${name}`),
  ]);
  return { ...rest, ...Object.fromEntries(arrays) };
}
