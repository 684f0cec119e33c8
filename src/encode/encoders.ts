/** The encoder of a prepared block, by what the block is; and encoders built anew from what was saved of them. */
import type { Block } from '../describe/cohort.ts';
import { voxelsOf } from '../describe/image-layout.ts';
import { sourceName } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import { countFeatures } from '../harmonize/counts.ts';
import { observedValues } from '../harmonize/features.ts';
import { type ColumnCode, piecewise, thermometer } from './column-code.ts';
import type { Encoder } from './encoder.ts';
import { type ColumnGroup, type GroupedSpec, groupedEncoder } from './grouped.ts';
import { type ImageSpec, imageEncoder } from './image.ts';
import { depthOf, type LibrarySizeSpec, withLibrarySize } from './library-size.ts';
import { hasHoles } from './measured.ts';
import { type TabularSpec, tabularEncoder } from './tabular.ts';

export interface EncoderOptions {
  /** Parameters and inputs are named after it. */
  readonly name: string;
  /** Numbers in a token. */
  readonly width: number;
  /** Tokens of a table with more features than `columnTokens`, and without groups. */
  readonly tokens: number;
  /** Up to so many measured features each has a token of its own. Default 16. */
  readonly columnTokens?: number;
  /** The most patches of an image. Default 64. */
  readonly patches?: number;
  /** Bins of the piecewise-linear code of numbers that have a token of their own. Default 0: the number itself. */
  readonly bins?: number;
}

/**
 * Learns from a block of training subjects how to encode it: of an image a token for each patch; else one for each group of its modality, else for each measured
 * feature, else so many projections. Groups of which preparation left nothing have no token. Counts out of which preparation
 * took depth have one more, `library size`.
 *
 * @param raw the same subjects as measured; without it nothing is told of library size
 * @throws InputError where a number is none that it can be
 */
export function encoderOf(block: Block, options: EncoderOptions, raw?: Block): Encoder {
  const encoder = preparedEncoder(block, options);
  const depth = raw && countFeatures(block).length === 0 ? depthOf(raw) : undefined;
  return depth ? withLibrarySize(encoder, { name: options.name, width: options.width, ...depth }) : encoder;
}

function preparedEncoder(block: Block, { columnTokens = 16, bins = 0, patches, ...given }: EncoderOptions): Encoder {
  if (!(Number.isInteger(bins) && bins >= 0)) {
    throw new InputError({ where: `encoder ${given.name}`, what: 'bins', expected: '0, or so many', got: `${bins}` });
  }
  const { features, image } = block.modality;
  if (image && voxelsOf(image) === features.length) {
    const { name, width } = given;
    return imageEncoder({ name, width, ...image, holes: hasHoles(block), ...(patches !== undefined && { patches }) });
  }
  const common = { columns: features.length, holes: hasHoles(block) };
  const groups = groupsOf(block);
  if (groups.length > 0) return groupedEncoder({ name: given.name, width: given.width, ...common, groups });
  const sources = features.map(sourceName);
  const own = new Set(sources).size <= columnTokens;
  return tabularEncoder({ ...given, ...common, columnTokens, ...(own && { sources, ...codesOf(block, bins) }) });
}

/** The columns of each group, by the measured features that they come from. */
function groupsOf({ modality: { features, groups = [] } }: Block): ColumnGroup[] {
  const columnsOf = new Map<string, number[]>();
  features.forEach((feature, j) => {
    const source = sourceName(feature);
    const known = columnsOf.get(source);
    if (known) known.push(j);
    else columnsOf.set(source, [j]);
  });
  return groups.flatMap(({ name, features: own }) => {
    const columns = [...new Set(own)].flatMap((feature) => columnsOf.get(feature) ?? []);
    return columns.length > 0 ? [{ name, columns: columns.sort((a, b) => a - b) }] : [];
  });
}

function codesOf(block: Block, bins: number): Pick<TabularSpec, 'codes'> {
  const codes = block.modality.features.map(({ scale, source }, j): ColumnCode | null => {
    if (scale === 'ordinal') return thermometer(observedValues(block, j)) ?? null;
    if (bins > 1 && source === undefined) return piecewise(observedValues(block, j), bins) ?? null;
    return null;
  });
  return codes.some((code) => code !== null) ? { codes } : {};
}

/** What an encoder is, as a model holds it. */
export type SavedEncoder = { readonly kind: string } & (TabularSpec | GroupedSpec | LibrarySizeSpec | ImageSpec);

/** @throws InputError for a kind that this version does not know */
export function openEncoder({ kind, ...spec }: SavedEncoder, where: string): Encoder {
  if (kind === 'tabular') return tabularEncoder(spec as TabularSpec);
  if (kind === 'grouped') return groupedEncoder(spec as GroupedSpec);
  if (kind === 'image') return imageEncoder(spec as ImageSpec);
  if (kind === 'library-size') {
    const { of, ...own } = spec as LibrarySizeSpec;
    return withLibrarySize(openEncoder(of as unknown as SavedEncoder, where), own);
  }
  throw new InputError({
    where,
    what: `unknown encoder "${kind}"`,
    expected: 'tabular, grouped, image or library-size',
  });
}
