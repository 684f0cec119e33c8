/** Asks trained networks what they look at, and what they would say without some of it. */
import { type Matrix, zeros } from '../../array/matrix.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { compile, type Program } from '../../engine/compile/compile.ts';
import { InputError } from '../../errors.ts';
import { type Conversation, rollout, type Token } from '../conversation.ts';
import { type Design, feedOf, rowsOf } from './design.ts';
import { saidOf } from './forward.ts';
import { addOpinions, type EnsembleState, eachMember, type Member } from './members.ts';
import { type Architecture, network, shownName } from './network.ts';
import type { RuntimeSource } from './runtime.ts';

const numbersAtOnce = 2 ** 22; // of attention, so that many tokens do not take all memory

const attentionName = (layer: number) => `attention ${layer}`;

/** The tokens of all modalities in the order of attention. */
export function tokensOf(encoders: readonly Encoder[], modalities: readonly string[]): Token[] {
  return encoders.flatMap(({ names, learned, places }, m) =>
    names.map((name, t) => ({
      modality: modalities[m],
      name,
      learned: t < learned,
      ...(places && { place: places[t] }),
    })),
  );
}

/** What is asked of an ensemble beyond its opinions. */
export interface EnsembleReader {
  attention(design: Design, runtime: RuntimeSource): Promise<Attention>;
  /** Opinions [subjects, outputs] of subjects who do without the tokens marked 1 in `hidden` [subjects, tokens]. */
  without(design: Design, runtime: RuntimeSource, hidden: Uint8Array): Promise<Matrix<Float64Array>>;
}

/** The means over networks, as in `Conversation`. */
export type Attention = Pick<Conversation, 'attention' | 'rollout'>;

/** undefined where the variant has no attention between modalities */
export function ensembleReader(
  encoders: readonly Encoder[],
  members: readonly Member[],
  state: EnsembleState,
): EnsembleReader | undefined {
  const { outputs, layers, variant } = state.architecture;
  if (variant !== 'attention' || encoders.length < 2) return undefined;
  const many = encoders.reduce((sum, { tokens }) => sum + tokens, 0);
  let asking: Program | undefined; // compiled when first asked
  let hiding: Program | undefined;
  return {
    async attention(design, runtime) {
      asking ??= askingProgram(encoders, state.architecture);
      const all = rowsOf(design);
      const shown = withShown(design, new Float32Array(all.length * many).fill(1));
      const square = many * many;
      const read: Attention = {
        attention: new Float32Array(all.length * square), // [subjects, tokens, tokens]
        rollout: new Float32Array(all.length * square), // [subjects, tokens, tokens]
      };
      const step = Math.max(1, Math.floor(numbersAtOnce / (layers * square)));
      await eachMember(asking, members, runtime, all.length, async (session) => {
        for (let at = 0; at < all.length; at += step) {
          const rows = all.subarray(at, at + step);
          const made = await session.run(feedOf(shown, rows));
          const byLayer = Array.from({ length: layers }, (_, l) => made[attentionName(l)].data as Float32Array);
          addAttention(read, byLayer, rows, many, 1 / members.length);
        }
      });
      return read;
    },
    async without(design, runtime, hidden) {
      hiding ??= compile({ said: network(encoders, state.architecture, 'reading').said });
      const all = rowsOf(design);
      checkHidden(hidden, all.length, many);
      const shown = withShown(
        design,
        Float32Array.from(hidden, (mark) => 1 - mark),
      );
      const out = zeros(all.length, outputs);
      await eachMember(hiding, members, runtime, all.length, async (session, k) => {
        addOpinions(out, await saidOf(session, shown, all, outputs), state, k, members.length);
      });
      return out;
    },
  };
}

function askingProgram(encoders: readonly Encoder[], architecture: Architecture): Program {
  const { attention } = network(encoders, architecture, 'reading');
  return compile(Object.fromEntries(attention.map((layer, l) => [attentionName(l), layer])));
}

/** The design with the input that says which tokens are shown, [subjects, tokens]. */
function withShown(design: Design, data: Float32Array): Design {
  const tokens = data.length / Math.max(1, rowsOf(design).length);
  return {
    ...design,
    inputs: [...design.inputs, { name: shownName, shape: [tokens], data, mask: true, columns: false }],
  };
}

function addAttention(
  read: Attention,
  layers: readonly Float32Array[],
  rows: Int32Array,
  many: number,
  share: number,
): void {
  const square = many * many;
  rows.forEach((row, i) => {
    const own = layers.map((layer) => layer.subarray(i * square, (i + 1) * square));
    const through = rollout(own, many);
    for (let j = 0; j < square; j++) {
      read.rollout[row * square + j] += share * through[j];
      for (const layer of own) read.attention[row * square + j] += (share * layer[j]) / own.length;
    }
  });
}

function checkHidden(hidden: Uint8Array | undefined, subjects: number, many: number): void {
  if (!hidden || hidden.length === subjects * many) return;
  throw new InputError({
    where: 'intermediate: hidden',
    what: 'not a mark for each subject and token',
    expected: `[${subjects}, ${many}]`,
    got: `${hidden.length} marks`,
  });
}
