/**
 * One more token for a modality of counts: how much was counted of the subject in all (its library size, or depth). Where
 * preparation takes depth out of the counts, the network could not tell else whether a gene that was not seen is one that
 * few looked for. The number is the logarithm of the total, standardized by the training subjects.
 *
 * Where cells are missing, the total of the others is divided by the share of cells that they are, as if those missing
 * were like them. Of whom nothing was counted the token is a learned vector, as for any missing cell.
 */
import { matrix } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { concat } from '../engine/ops/layout.ts';
import { InputError } from '../errors.ts';
import { countFeatures, eachSubject } from '../harmonize/counts.ts';
import type { Encoder } from './encoder.ts';
import { tabularEncoder } from './tabular.ts';

/** Of the logarithms of library sizes of training subjects. */
export interface Depth {
  readonly mean: number;
  readonly sd: number;
}

export interface LibrarySizeSpec extends Depth {
  /** Of the modality; parameters and inputs are named after it. */
  readonly name: string;
  /** Numbers in a token. */
  readonly width: number;
  /** The encoder of the prepared block. */
  readonly of: Encoder['spec'];
}

/** What the token is called. */
export const librarySizeToken = 'library size';

/** Whether all features are counts, or expected ones (see `countFeatures`). */
export function isOfCounts(block: Pick<Block, 'modality'>): boolean {
  const { length } = block.modality.features;
  return length > 0 && countFeatures(block).length === length;
}

/**
 * The depth of training subjects, as measured.
 *
 * @returns undefined where it is nothing to tell of: not all features are counts, or all subjects have the same
 */
export function depthOf(raw: Block): Depth | undefined {
  if (!isOfCounts(raw)) return undefined;
  const { logs, told } = logLibrarySizes(raw);
  const known = logs.filter((_, i) => told[i] === 1);
  const mean = known.reduce((sum, log) => sum + log, 0) / known.length;
  const sd = Math.sqrt(known.reduce((sum, log) => sum + (log - mean) ** 2, 0) / known.length);
  return sd > 1e-6 ? { mean, sd } : undefined;
}

/** An encoder with the token `library size` after its own; its inputs are those of a prepared block and of the raw one. */
export function withLibrarySize(encoder: Encoder, { name, width, mean, sd }: Omit<LibrarySizeSpec, 'of'>): Encoder {
  const where = `library size ${name}`;
  const called = encoder.names.includes(librarySizeToken) ? 'library size of all' : librarySizeToken;
  const size = tabularEncoder({ name: `${name}/library size`, columns: 1, width, tokens: 1, sources: [called] });
  return {
    spec: { kind: 'library-size', name, width, mean, sd, of: encoder.spec },
    tokens: encoder.tokens + 1,
    names: [...encoder.names, called],
    learned: encoder.learned,
    encode: () => concat([encoder.encode(), size.encode()], 1),
    inputs(block, raw) {
      if (!raw) {
        throw new InputError({ where, what: 'no counts', expected: 'the block as measured, beside the prepared one' });
      }
      const { logs, told } = logLibrarySizes(raw);
      const values = matrix(
        logs.length,
        1,
        Float32Array.from(logs, (log) => (log - mean) / sd),
      );
      return [...encoder.inputs(block, raw), ...size.inputs({ ...raw, values, observed: told })];
    },
  };
}

/** Logarithms of library sizes, and who has one. */
function logLibrarySizes(raw: Block): { readonly logs: Float64Array; readonly told: Uint8Array } {
  const [subjects] = raw.values.shape;
  const logs = new Float64Array(subjects); // [subjects]
  const told = new Uint8Array(subjects); // [subjects]
  eachSubject(raw, countFeatures(raw), 'library size', ({ observed, total }, i) => {
    if (total === 0) return;
    const seen = observed.reduce((sum, yes) => sum + yes, 0);
    logs[i] = Math.log((total * observed.length) / seen);
    told[i] = 1;
  });
  return { logs, told };
}
