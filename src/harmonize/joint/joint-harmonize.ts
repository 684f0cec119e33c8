/**
 * Harmonizing several modalities of a subject together, by landmarks that are tissues. Whoever z-scores a scan by its own
 * voxels lets a tissue's value follow what else is in the picture: the same brain is lower in a slice with more bone. Here
 * tissues are found in the joint histogram of all modalities with shares of their own in each scan; a modality of a scan is
 * mapped by a line, straight between landmarks, that carries each tissue to where the training subjects have it.
 *
 * - Ranks stay: every map rises strictly, so that the copula of the modalities in a scan, and all that depends on ranks alone
 *   (Spearman's correlation, mutual information of ranks), is what it was.
 * - Composition stays out: over the scans of a subject no landmark may follow the share of brighter voxels.
 *
 * Landmarks carried onto a standard scale follow Nyúl and Udupa, Magnetic Resonance in Medicine 42 (1999) 1072-1081, who
 * take percentiles, which move with composition.
 */
import type { Floats } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { Estimator, Fitted, JsonObject, Saved } from '../../estimator.ts';
import { assembled, dismantled } from '../harmonizer.ts';
import { type IntensityMap, mapIntensities } from '../intensity/intensity-map.ts';
import { type AlignedSubject, checkAligned } from './aligned-scan.ts';
import { landmarkTissues, settled } from './landmarks.ts';
import { foundTissues, type Tissues } from './mixture.ts';
import { type Histograms, histogramsOf, scanMeans, subjectTissues } from './tissue-landmarks.ts';

export interface JointHarmonizeOptions {
  /** Kinds of tissue in the joint histogram, air and bone among them; default 5. */
  readonly tissues?: number;
  /**
   * Whether landmarks are also held apart from composition, which needs eight scans of a subject; default true. A subject
   * whose tissue truly differs where there is more bone loses that difference.
   */
  readonly composition?: boolean;
}

export interface FittedJointHarmonize extends Fitted<readonly AlignedSubject[], HarmonizedSubject[]> {
  /** The maps of a subject's scans, strictly rising; `invertIntensityMap` takes them back. `[scans][modalities]` */
  mapsOf(subject: AlignedSubject): IntensityMap[][];
}

export interface HarmonizedSubject {
  readonly scans: readonly { readonly values: readonly Floats[]; readonly mask?: Uint8Array }[];
}

interface State extends JsonObject {
  readonly modalities: number;
  readonly tissues: number;
  readonly composition: boolean;
}
interface Learned {
  readonly settings: State;
  readonly population: Tissues;
  /** A span of the mean training subject. */
  readonly low: Float64Array; // [modalities]
  readonly width: Float64Array; // [modalities]
}

const kind = 'joint-harmonize';

/**
 * Fitted on training subjects, applied to any: a new subject's tissues are found from where the population has them, by its
 * own scans alone. Values come out in the unit of the training scans.
 *
 * @throws InputError on tissues that are no whole number from 2 to 12, and as `checkAligned`
 */
export function jointHarmonize(
  options: JointHarmonizeOptions = {},
): Estimator<readonly AlignedSubject[], undefined, HarmonizedSubject[], FittedJointHarmonize> {
  const { tissues = 5, composition = true } = options;
  if (!(Number.isInteger(tissues) && tissues >= 2 && tissues <= 12)) {
    const expected = 'a whole number from 2 to 12';
    throw new InputError({ where: `${kind}: tissues`, what: 'unusable', expected, got: `${tissues}` });
  }
  return {
    spec: { kind, version: 1, options: options as unknown as JsonObject },
    async fit(subjects) {
      const where = `${kind}: training`;
      const modalities = checkAligned(subjects, where);
      const histograms = subjects.map((subject, p) => histogramsOf(subject, placeOf(where, p, subjects.length)));
      const population = populationOf(histograms, tissues);
      const mean = (of: 'low' | 'width') =>
        Float64Array.from({ length: modalities }, (_, m) => {
          return histograms.reduce((sum, { spans }) => sum + spans[m][of], 0) / histograms.length;
        });
      return fitted({
        settings: { modalities, tissues, composition },
        population,
        low: mean('low'),
        width: mean('width'),
      });
    },
  };
}

/** Tissues of all subjects, each subject counting alike, then as the mean of where each subject has them. */
function populationOf(histograms: readonly Histograms[], many: number): Tissues {
  const scans = histograms.flatMap(({ scans: own }) => {
    const voxels = own.reduce((sum, cells) => sum + cells.voxels, 0);
    return own.map((cells) => ({ cells, weight: 1 / voxels }));
  });
  const pooled = foundTissues(scans, many);
  const each = histograms.map((subject) => subjectTissues(subject, pooled));
  const means = pooled.means.map((_, j) => each.reduce((sum, own) => sum + own.means[j], 0) / each.length);
  const variances = pooled.variances.map((_, j) => each.reduce((sum, own) => sum + own.variances[j], 0) / each.length);
  return { many, means, variances };
}

function fitted(learned: Learned): FittedJointHarmonize {
  const { settings, population, low, width } = learned;
  const mapsOf = (subject: AlignedSubject, where: string) => {
    checkAligned([subject], where, settings.modalities);
    return jointMaps(histogramsOf(subject, where), learned);
  };
  return {
    mapsOf: (subject) => mapsOf(subject, kind),
    async apply(subjects) {
      return subjects.map((subject, p) => {
        const maps = mapsOf(subject, placeOf(kind, p, subjects.length));
        const scans = subject.scans.map(({ values, mask }, s) => ({
          values: values.map((own, m) => mapIntensities(own, maps[s][m])),
          ...(mask && { mask }),
        }));
        return { scans };
      });
    },
    save: () => {
      const { means, variances } = population;
      return { kind, version: 1, ...dismantled({ ...settings, means, variances, low, width }) };
    },
  };
}

/**
 * What `save` wrote.
 *
 * @throws InputError where it is none, or holds what was never learned
 */
export function openJointHarmonize(saved: Saved): FittedJointHarmonize {
  if (saved.kind !== kind) {
    throw new InputError({ where: kind, what: 'saved state of another kind', expected: kind, got: String(saved.kind) });
  }
  const { modalities, tissues, composition, ...arrays } = assembled(saved) as unknown as Pick<
    State,
    'modalities' | 'tissues' | 'composition'
  > &
    Partial<Record<'means' | 'variances' | 'low' | 'width', Float64Array>>;
  const whole = Number.isInteger(modalities) && modalities > 0 && Number.isInteger(tissues) && tissues > 0;
  if (!whole || typeof composition !== 'boolean') {
    const got = JSON.stringify({ modalities, tissues, composition });
    throw new InputError({ where: kind, what: 'saved settings that cannot be', expected: 'those of a fit', got });
  }
  const numbers = (name: keyof typeof arrays, length: number, least = -Infinity) => {
    const own = arrays[name];
    if (own?.length === length && own.every((value) => Number.isFinite(value) && value > least)) return own;
    const expected = `${length} numbers${least === 0 ? ' above 0' : ''}`;
    const got = own ? `${own.length} of which some may not be` : 'none';
    throw new InputError({ where: `${kind}: ${name}`, what: 'broken saved state', expected, got });
  };
  const [means, variances] = [numbers('means', tissues * modalities), numbers('variances', tissues * modalities, 0)];
  const [low, width] = [numbers('low', modalities), numbers('width', modalities, 0)];
  const population = { many: tissues, means, variances };
  return fitted({ settings: { modalities, tissues, composition }, population, low, width });
}

/** `[scans][modalities]` */
function jointMaps({ spans, scans }: Histograms, { settings, population, low, width }: Learned): IntensityMap[][] {
  const { modalities } = settings;
  const subject = subjectTissues({ spans, scans }, population);
  const means = scans.map((cells) => scanMeans(cells, subject)); // [scans][tissues, modalities]
  const maps: IntensityMap[][] = scans.map(() => []);
  for (let modality = 0; modality < modalities; modality++) {
    const kept = landmarkTissues(population, modality);
    const taken = (all: Float64Array) => Float64Array.from(kept, (k) => all[k * modalities + modality]);
    const reference = taken(population.means);
    const landmarks = { modality, reference, subject: taken(subject.means), scans: means.map(taken) };
    const to = reference.map((value) => low[modality] + value * width[modality]);
    settled(landmarks, scans, settings.composition).forEach((own, s) => {
      const from = own.map((value) => spans[modality].low + value * spans[modality].width);
      maps[s].push({
        kind: 'knots',
        ...throughOne(from, to, spans[modality].width, width[modality]),
        beyond: 'extend',
      });
    });
  }
  return maps;
}

/** A single landmark is carried along a line as steep as spans say. */
function throughOne(from: Float64Array, to: Float64Array, own: number, reference: number) {
  if (from.length > 1) return { from, to };
  return { from: Float64Array.of(from[0], from[0] + own), to: Float64Array.of(to[0], to[0] + reference) };
}

function placeOf(where: string, p: number, many: number): string {
  return `${where}: subject ${p + 1} of ${many}`;
}
