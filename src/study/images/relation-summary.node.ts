/** What harmonizing did to the relation between two modalities of images on one grid, in numbers for a report. */
import { type Block, takeBlockRows } from '../../describe/cohort.ts';
import type { ImageLayout } from '../../describe/modality.ts';
import { type Target, takeTarget } from '../../describe/target.ts';
import { InputError } from '../../errors.ts';
import type { ImageRelation } from '../../evaluate/comparison.ts';
import { foregroundMask } from '../../harmonize/intensity/foreground.ts';
import { preparation, readsTarget, type Step } from '../../harmonize/prepare.ts';
import { distortion } from '../../harmonize/relations/distortion.ts';
import { distortionWords } from '../../harmonize/relations/distortion-words.ts';
import type { HarmonizedScan } from '../../harmonize/relations/harmonized-scan.ts';

/** Of fewer nothing is told, as of their means. */
const fewest = 5;
/** Subjects that are harmonized for it, and numbers of one modality that are. */
const mostSubjects = 64;
const mostPrepared = 2 ** 24;
/** Voxels of all scans of a group together that are held against each other, evenly taken. */
const mostVoxels = 2 ** 16;

export interface PreparedImages {
  readonly block: Block;
  readonly steps: readonly Step[];
}

/**
 * Scans of a group of subjects are judged together, since a map of each scan alone that rises keeps the order of values within
 * it, and bends the relations among scans unseen. Steps are fitted here on the subjects who have both.
 *
 * @returns undefined where neither is harmonized by more than one scale for all, where steps read the target or leave no
 *   image, where fewer than five subjects have both, and where the steps cannot be fitted on these alone
 */
export async function relationSummary(
  first: PreparedImages,
  second: PreparedImages,
  target: Target,
  seed: number,
): Promise<ImageRelation | undefined> {
  const both = [first, second];
  if (!both.some(({ steps }) => steps.some(bends)) || both.some(({ steps }) => readsTarget(steps))) return undefined;
  const rows = evenly(sharedRows(first.block, second.block), mostRows(first.block, second.block));
  if (rows.length < fewest) return undefined;
  try {
    const [a, b] = [await harmonized(first, rows, target), await harmonized(second, rows, target)];
    if (!a || !b) return undefined;
    return related(a, b, seed);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** One line for all scans: it changes no relation. */
function bends({ kind }: Step): boolean {
  return kind !== 'standardize-image' && kind !== 'impute';
}

function sharedRows(first: Block, second: Block): number[] {
  return [...first.present.keys()].filter((row) => first.present[row] && second.present[row]);
}

function mostRows(...blocks: readonly Block[]): number {
  const widest = Math.max(...blocks.map(({ values }) => values.shape[1]));
  return Math.min(mostSubjects, Math.floor(mostPrepared / widest));
}

function evenly(rows: readonly number[], most: number): number[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, (_, at) => rows[Math.floor((at * rows.length) / most)]);
}

interface BeforeAfterBlocks {
  readonly before: Block;
  readonly after: Block;
}

async function harmonized(
  { block, steps }: PreparedImages,
  rows: readonly number[],
  target: Target,
): Promise<BeforeAfterBlocks | undefined> {
  const before = takeBlockRows(block, rows);
  const fitted = await preparation(steps).fit(before, takeTarget(target, rows), { seed: 0 });
  const after = await fitted.apply(before);
  return after.values.shape[1] === before.values.shape[1] ? { before, after } : undefined;
}

function related(first: BeforeAfterBlocks, second: BeforeAfterBlocks, seed: number): ImageRelation | undefined {
  const { sites } = first.before;
  const all = [...first.before.present.keys()];
  const named = sites ? [...new Set(sites)].sort() : [];
  const ofSites = named.map((site) => ({ name: site, rows: all.filter((row) => sites?.[row] === site) }));
  const groups = [
    { name: 'all subjects', rows: all },
    ...(named.length > 1 ? ofSites.filter(({ rows }) => rows.length >= fewest) : []),
  ];
  const places = all.map((row) => countedPlaces(first, second, row));
  const subjects = groups.flatMap(({ name, rows }) => {
    const seen = rows.filter((row) => places[row].length > 0);
    if (seen.length < fewest) return [];
    const every = Math.ceil(seen.reduce((sum, row) => sum + places[row].length, 0) / mostVoxels);
    return [{ name, scans: seen.map((row) => scanOf(first, second, row, places[row], every)) }];
  });
  if (subjects.length === 0) return undefined;
  const report = distortion(subjects, { seed });
  return {
    modalities: [first.before.modality.name, second.before.modality.name],
    groups: report.subjects.map(({ name, mutualInformation, rankCorrelation, copulaDistance }, at) => ({
      name,
      subjects: subjects[at].scans.length,
      mutualInformation,
      rankCorrelation,
      copulaDistance,
    })),
    words: distortionWords(report),
  };
}

/** Voxels of the first channel where both were measured and either shows more than background. */
function countedPlaces(first: BeforeAfterBlocks, second: BeforeAfterBlocks, row: number): Uint32Array {
  const masks = [first, second].map(({ before }) => {
    const { values, observed } = channelOf(before, row);
    return { observed, shown: foregroundMask({ data: values, mask: observed }, 'otsu') };
  });
  const places = new Uint32Array(masks[0].shown.length);
  let many = 0;
  for (let at = 0; at < places.length; at++) {
    const [a, b] = masks;
    if (a.observed[at] && b.observed[at] && (a.shown[at] || b.shown[at])) places[many++] = at;
  }
  return places.slice(0, many);
}

function channelOf({ modality, values, observed }: Block, row: number) {
  const width = values.shape[1];
  const { channels } = modality.image as ImageLayout;
  const [from, to] = [row * width, row * width + width / channels];
  return { values: values.data.subarray(from, to), observed: observed.subarray(from, to) };
}

function scanOf(
  first: BeforeAfterBlocks,
  second: BeforeAfterBlocks,
  row: number,
  places: Uint32Array,
  every: number,
): HarmonizedScan {
  const some = places.filter((_, at) => at % every === 0);
  const taken = (block: Block) => {
    const { values } = channelOf(block, row);
    return Float64Array.from(some, (place) => values[place]);
  };
  return {
    values: [taken(first.before), taken(second.before)],
    after: [taken(first.after), taken(second.after)],
    mask: new Uint8Array(some.length).fill(1),
  };
}
