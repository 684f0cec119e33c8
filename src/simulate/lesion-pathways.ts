/**
 * The image asks, the genes point: where the lesion of an image is says which pathway of the counts tells the class.
 *
 * As in `simulatePointing`, the class is a fair coin, pathways' activities are independent standard normal, not all of one
 * sign, and the place of the lesion is one of those whose pathway's activity has the sign of the class, each as likely. So
 * image alone and counts alone say nothing at all of the class, nor does a sum of what each says; see there for what this
 * costs. The lesion is a round spot in smooth tissue and white noise, the counts are negative binomial with library sizes
 * that vary.
 */
import { type Matrix, matrix } from '../array/matrix.ts';
import { deriveSeed, permutation, type Random, random } from '../array/random.ts';
import { type Cohort, cohort } from '../describe/cohort.ts';
import type { ImageLayout, Modality } from '../describe/modality.ts';
import type { ClassTarget } from '../describe/target.ts';
import { optionChecks } from './check-options.ts';
import { expectedAuroc } from './expected-auroc.ts';
import { fullBlock } from './full-block.ts';
import { centredLayout, imageModality } from './image-modality.ts';
import { drawTexture, type Texture, texture } from './image-texture.ts';
import { activeChances, drawCounts, drawGenes, type Genes } from './lesion-counts.ts';
import { type Cells, eachOfLesion, type Lesion, lesionPlaces, placeLikelihoods, type Voxel } from './lesion-places.ts';
import { drawActivity, drawNamed } from './pointing.ts';
import { namedLogOdds } from './pointing-posterior.ts';
import { balancedLabels, subjectIds } from './subjects.ts';

const { whole, between, refuse } = optionChecks('simulateLesionPathways');

export interface LesionPathwaysOptions {
  readonly subjects: number;
  readonly seed: number;
  /** Voxels. Default 1 x 32 x 32; of a depth above 1 the image is 3-D. */
  readonly shape?: readonly [depth: number, height: number, width: number];
  readonly spacingMm?: number;
  /** Cells of the image, each a place of the lesion with a pathway of its own. Default 1 x 2 x 3. */
  readonly places?: Cells;
  /** Of the counts, each a group of genes; those beyond the places decide in nobody. Default 24. */
  readonly pathways?: number;
  /** Height of the lesion, in standard deviations of the tissue. Default 3. */
  readonly contrast?: number;
  /** Standard deviation of the lesion's profile, in voxels. Default 1.5. */
  readonly radius?: number;
  /** Standard deviation of a voxel's noise, in those of the tissue. Default 1. */
  readonly noise?: number;
  readonly genesPerPathway?: number;
  /** Genes of no pathway. */
  readonly otherGenes?: number;
  /** Counts of a gene on average. Default 20. */
  readonly depth?: number;
  /** Standard deviation of the logarithm of library sizes. Default 0.5. */
  readonly depthSpread?: number;
  /** How one standard deviation of activity moves the logarithm of a gene's mean, up or down by gene. Default 0.5. */
  readonly loading?: number;
  /** Of the negative binomial: variance μ + μ² / dispersion. Default 5. */
  readonly dispersion?: number;
}

export interface LesionPathways {
  /** Modalities `image` and `genes`, whose groups are `pathway1` and on. */
  readonly cohort: Cohort;
  readonly target: ClassTarget;
  readonly truth: {
    /** The place of the lesion, from 0 along width, then height, then depth. */
    readonly place: Int32Array; // [subjects]
    /** The pathway that decides where the lesion is in a place, from 0. */
    readonly pathwayOf: Int32Array; // [places]
    /** The pathway that decides. */
    readonly active: Int32Array; // [subjects]
    /** The voxel that the lesion is centred on: along width, height, depth. */
    readonly centre: Int32Array; // [subjects, 3]
    readonly activity: Matrix<Float64Array>; // [subjects, pathways]
    /** Against the usual one. */
    readonly librarySize: Float64Array; // [subjects]
    /**
     * Of class 1 given image, counts and library size (which the counts tell closely, but not quite): no score of the
     * features is better.
     */
    readonly logOdds: Float64Array; // [subjects]
    /** AUROC of the best score of one modality, and of `logOdds` in expectation over these subjects' classes. */
    readonly auroc: { readonly single: 0.5; readonly measured: number };
  };
}

/** @throws InputError for an unknown option, and a number out of its range */
export function simulateLesionPathways(options: LesionPathwaysOptions): LesionPathways {
  const {
    subjects,
    seed,
    shape = [1, 32, 32],
    spacingMm = 4,
    places: cells = [1, 2, 3],
    pathways = 24,
    contrast = 3,
    radius = 1.5,
    noise = 1,
    genesPerPathway = 8,
    otherGenes = 24,
    depth = 20,
    depthSpread = 0.5,
    loading = 0.5,
    dispersion = 5,
    ...unknown
  } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulateLesionPathways', name);
  check({ subjects, shape, cells, pathways, genesPerPathway, otherGenes });
  const lesion: Lesion = { contrast, radius };
  for (const [name, value] of Object.entries({ spacingMm, radius, noise, depth, dispersion })) {
    between(name, value, 1e-3, Infinity);
  }
  for (const [name, value] of Object.entries({ contrast, depthSpread, loading })) between(name, value, 0, Infinity);

  const part = (name: string) => random(deriveSeed(seed, 'lesion', name));
  const labels = balancedLabels(subjects, part('labels'));
  const places = countOf(cells);
  const asked = drawActivity(subjects, places, part('activity'));
  const place = drawNamed(labels, asked, part('place'));
  const pathwayOf = permutation(pathways, part('pathways')).slice(0, places);
  const activity = withOthers(asked, pathwayOf, pathways, part('other activity'));
  const layout = centredLayout(shape, spacingMm);
  const tissue = texture(layout, noise);
  const candidates = lesionPlaces(layout, cells);
  const drawn = drawImages({ layout, tissue, lesion, candidates, place }, part('image'));
  const genes = drawGenes({ pathways, genesPerPathway, otherGenes, depth, loading, dispersion }, part('genes'));
  const sizes = part('library size');
  const librarySize = Float64Array.from({ length: subjects }, () =>
    Math.exp(depthSpread * sizes.normal() - depthSpread ** 2 / 2),
  );
  const counts = drawCounts(genes, activity, librarySize, part('counts'));
  const likelihoods = placeLikelihoods(layout, lesion, candidates, tissue);
  const [voxels, wide] = [drawn.values.shape[1], genes.base.length];
  const logOdds = Float64Array.from({ length: subjects }, (_, i) => {
    const above = activeChances(genes, counts.data.subarray(i * wide, (i + 1) * wide), librarySize[i], pathways);
    const own = Float64Array.from(pathwayOf, (k) => above[k]); // [places]
    const weights = likelihoods(drawn.values.data.subarray(i * voxels, (i + 1) * voxels));
    return namedLogOdds(
      weights,
      own,
      own.map((chance) => 1 - chance),
    );
  });
  return {
    cohort: cohort(subjectIds(subjects), [
      fullBlock(imageModality('image', layout), drawn.values),
      fullBlock(genesModality(genes, pathways), counts),
    ]),
    target: { kind: 'classes', name: 'class', classes: ['class0', 'class1'], labels },
    truth: {
      place,
      pathwayOf,
      active: place.map((p) => pathwayOf[p]),
      centre: drawn.centre,
      activity,
      librarySize,
      logOdds,
      auroc: { single: 0.5, measured: expectedAuroc(logOdds) },
    },
  };
}

interface Sizes {
  readonly subjects: number;
  readonly shape: Cells;
  readonly cells: Cells;
  readonly pathways: number;
  readonly genesPerPathway: number;
  readonly otherGenes: number;
}

function check({ subjects, shape, cells, pathways, genesPerPathway, otherGenes }: Sizes): void {
  whole('subjects', subjects, 2);
  whole('genesPerPathway', genesPerPathway, 1);
  whole('otherGenes', otherGenes, 0);
  for (const many of shape) whole('shape', many, 1);
  for (const many of cells) whole('places', many, 1);
  if (cells.some((many, axis) => many > shape[axis])) {
    refuse('places', 'more places than voxels', `at most ${shape.join(' x ')}`, cells.join(' x '));
  }
  const places = countOf(cells);
  if (places === 1) refuse('places', 'one place asks nothing', 'at least 2', '1');
  whole('pathways', pathways, places);
}

const countOf = (cells: Cells) => cells.reduce((a, b) => a * b, 1);

/** The activities asked for at their pathways, standard normal ones at the others. [subjects, pathways] */
function withOthers(asked: Matrix, pathwayOf: Int32Array, pathways: number, generator: Random): Matrix<Float64Array> {
  const [subjects, places] = asked.shape;
  const activity = new Float64Array(subjects * pathways); // [subjects, pathways]
  const place = new Int32Array(pathways).fill(-1); // [pathways]
  pathwayOf.forEach((k, p) => {
    place[k] = p;
  });
  for (let i = 0; i < subjects; i++) {
    for (let k = 0; k < pathways; k++) {
      activity[i * pathways + k] = place[k] < 0 ? generator.normal() : asked.data[i * places + place[k]];
    }
  }
  return matrix(subjects, pathways, activity);
}

interface Images {
  readonly layout: ImageLayout;
  readonly tissue: Texture;
  readonly lesion: Lesion;
  /** Voxels that a lesion of each place may be centred on. */
  readonly candidates: readonly (readonly Voxel[])[];
  readonly place: Int32Array; // [subjects]
}

function drawImages({ layout, tissue, lesion, candidates, place }: Images, generator: Random) {
  const subjects = place.length;
  const voxels = tissue.basis.shape[1];
  const values = new Float32Array(subjects * voxels); // [subjects, voxels]
  const centres = new Int32Array(subjects * 3); // [subjects, axes]
  for (let i = 0; i < subjects; i++) {
    const possible = candidates[place[i]];
    const centre = possible[generator.integer(possible.length)];
    centres.set(centre, 3 * i);
    const image = drawTexture(tissue, generator);
    eachOfLesion(layout, lesion, centre, (voxel, adds) => {
      image[voxel] += adds;
    });
    values.set(image, i * voxels);
  }
  return { values: matrix(subjects, voxels, values), centre: centres };
}

function genesModality({ pathway }: Genes, pathways: number): Modality {
  const name = (g: number) => `gene${g + 1}`;
  const all = Array.from(pathway.keys());
  return {
    name: 'genes',
    features: all.map((g) => ({ name: name(g), scale: 'count' as const })),
    noise: 'negative-binomial',
    constraint: 'compositional',
    sampling: { kind: 'once' },
    missingness: 'completely-at-random',
    groups: Array.from({ length: pathways }, (_, k) => ({
      name: `pathway${k + 1}`,
      features: all.filter((g) => pathway[g] === k).map(name),
    })),
  };
}
