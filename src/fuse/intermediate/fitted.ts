/** What is left of a fit: predictions, what the network looks at, and the bytes it is saved as. */
import { zeros } from '../../array/matrix.ts';
import { blockOf, type Cohort } from '../../describe/cohort.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { type JsonObject, nest, type Saved, unnest } from '../../estimator.ts';
import type { FittedHarmonizer } from '../../harmonize/harmonizer.ts';
import { openPreparation } from '../../harmonize/prepare.ts';
import { explainable } from '../contributions.ts';
import { type FittedFusion, type Networks, type Notes, opinionIn, presence, type Reader } from '../prediction.ts';
import type { Readout } from '../task/task.ts';
import { openReadout } from '../task/tasks.ts';
import { designOf, feedOf, preparedBlocks, rowsOf } from './design.ts';
import { type Ensemble, openEnsemble } from './ensemble.ts';
import { type EnsembleReader, tokensOf } from './reader.ts';
import { defaultRuntime, type Running, type RuntimeSource } from './runtime.ts';

interface Learned {
  readonly modalities: readonly string[];
  readonly notes: Notes;
}

/** @param trained undefined: nothing could be learned */
export function fittedIntermediate(
  { modalities, notes }: Learned,
  preparations: readonly FittedHarmonizer[],
  trained: Ensemble | undefined,
  readout: Readout,
  runtime: RuntimeSource,
): FittedFusion {
  const predict = async (x: Cohort) => {
    if (!trained) return readout.read(x, { modalities: [], opinions: zeros(x.subjects.length, readout.prior.length) });
    const blocks = await preparedBlocks(x, modalities, preparations);
    const design = designOf(x, modalities, blocks, trained.encoders);
    return readout.read(x, { modalities, opinions: await trained.apply(design, runtime), filled: design.filled });
  };
  const reader =
    trained?.reader && readerOf(modalities, preparations, trained.encoders, trained.reader, readout, runtime);
  return {
    modalities,
    notes,
    apply: explainable(modalities, readout.prior, predict),
    ...(reader && { reader }),
    ...(trained && { networks: networksOf(modalities, preparations, trained) }),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const state = {
        modalities,
        notes: { ...notes },
        preparations: preparations.map((fitted, m) => nest(fitted.save(), `prepare ${m}`, blobs)),
        ensemble: trained ? nest(trained.save(), 'ensemble', blobs) : null,
        readout: nest(readout.save(), 'readout', blobs),
      };
      return { kind: 'intermediate', version: 1, state, blobs };
    },
  };
}

function readerOf(
  modalities: readonly string[],
  preparations: readonly FittedHarmonizer[],
  encoders: readonly Encoder[],
  reader: EnsembleReader,
  readout: Readout,
  runtime: RuntimeSource,
): Reader {
  const tokens = tokensOf(encoders, modalities);
  const designed = async (x: Cohort) =>
    designOf(x, modalities, await preparedBlocks(x, modalities, preparations), encoders);
  return {
    async conversation(x) {
      const there = presence(x, modalities);
      const present = Uint8Array.from({ length: x.subjects.length * tokens.length }, (_, at) => {
        const [i, t] = [Math.floor(at / tokens.length), at % tokens.length];
        return there[i * modalities.length + modalities.indexOf(tokens[t].modality)];
      });
      return { subjects: x.subjects, tokens, present, ...(await reader.attention(await designed(x), runtime)) };
    },
    async without(x, hidden) {
      const opinions = await reader.without(await designed(x), runtime, hidden);
      return opinionIn(readout.read(x, { modalities, opinions }));
    },
  };
}

function networksOf(
  modalities: readonly string[],
  preparations: readonly FittedHarmonizer[],
  { encoders, program }: Ensemble,
): Networks {
  return {
    program,
    async feeds(x) {
      const design = designOf(x, modalities, await preparedBlocks(x, modalities, preparations), encoders);
      return feedOf(design, rowsOf(design));
    },
    async inputs(x) {
      const blocks = await preparedBlocks(x, modalities, preparations);
      const named = blocks.flatMap((block, m) => {
        const columns = block.modality.features.map(({ name }) => name);
        return encoders[m].inputs(block, blockOf(x, modalities[m])).map(({ name, mask, columns: plain }) => {
          return [name, { modality: modalities[m], mask, ...(plain && { columns }) }] as const;
        });
      });
      return Object.fromEntries(named);
    },
  };
}

/** @throws InputError where a part of the model is missing, damaged or unknown */
export function openIntermediate({ state, blobs }: Saved, { runtime = defaultRuntime }: Running = {}): FittedFusion {
  const { preparations, ensemble, readout, ...learned } = state as unknown as Learned & {
    readonly preparations: readonly JsonObject[];
    readonly ensemble: JsonObject | null;
    readonly readout: JsonObject;
  };
  return fittedIntermediate(
    learned,
    preparations.map((part, m) => openPreparation(unnest(part, `prepare ${m}`, blobs))),
    ensemble ? openEnsemble(unnest(ensemble, 'ensemble', blobs)) : undefined,
    openReadout(unnest(readout, 'readout', blobs)),
    runtime,
  );
}
