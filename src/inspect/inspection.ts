/**
 * The result of an inspection, as it is written to `inspection.json` (`kind: "inspection"`). Other tools read it: a field
 * is added, never renamed; `version` rises when a meaning changes.
 */
import type { ImageSize } from '../describe/image-layout.ts';
import type { Constraint, NoiseModel, Scale } from '../describe/modality.ts';

/** Least, quartiles and largest of a figure over columns. */
export interface Spread {
  readonly columns: number;
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly largest: number;
}

/** How counts scatter, over the columns tested (evenly spaced ones where there are more than a thousand). */
export interface CountScatter {
  readonly tested: number;
  /** Expected counts: `depth` times share where many columns make up a total, else one `mean` a column. */
  readonly expected: 'depth' | 'mean';
  /** Slope of ln variance on ln mean over columns: 1 of Poisson counts, 2 of a constant coefficient of variation. */
  readonly slope: number | null;
  /** Columns where the likelihood-ratio test prefers the negative binomial to Poisson at 5 %, unadjusted. */
  readonly overdispersed: number;
  /** Median over the tested columns of α in variance = μ + α μ². */
  readonly medianDispersion: number;
}

export interface ModalityCard {
  readonly name: string;
  readonly subjects: number;
  readonly features: number;
  /** Of a modality of images: the grid of its scans. */
  readonly image?: ImageSize;
  readonly scales: { readonly [S in Scale]?: number };
  /** The unit, where all features share one. */
  readonly unit?: string;
  readonly noise: NoiseModel;
  readonly constraint: Constraint;
  /** Share of the cohort without this modality. */
  readonly absentShare: number;
  /** Share of cells without a value, among the subjects who have the modality. */
  readonly missingShare: number;
  /** Skewness of the numeric columns (interval, ratio, count); null where there is none to compute. */
  readonly skewness: Spread | null;
  /** Share of zeros among the measured cells of ratio and count columns; null where there are none. */
  readonly zeroShare: number | null;
  readonly counts: CountScatter | null;
  /** The total that every complete row adds up to; null where there is none. */
  readonly rowSum: number | null;
  /** Columns of one value, or of one value in at least 99 % of the subjects. */
  readonly constant: Columns;
  readonly nearConstant: Columns;
  /** Columns with the values of an earlier one, cell by cell, and gaps where it has gaps. */
  readonly duplicates: { readonly count: number; readonly shown: readonly (readonly [column: string, of: string])[] };
}

/** Columns with something in common: how many, and the names of the first. */
export interface Columns {
  readonly count: number;
  readonly shown: readonly string[];
}

/** A test of independence between two ways to sort the same subjects. */
export interface Association {
  readonly n: number;
  /** Cramér's V, from 0 (independent) to 1 (each tells the other). */
  readonly cramersV: number;
  readonly p: number;
  readonly method: 'fisher' | 'permutation';
}

/** Whether lacking a modality goes with the target, or with the groups. */
export interface Absence extends Association {
  readonly modality: string;
  readonly with: 'target' | 'groups';
  /** Adjusted by Holm over all such tests. */
  readonly pHolm: number;
  /** Of each class (or group): its name, subjects, and how many of them lack the modality. */
  readonly cells: readonly { readonly name: string; readonly n: number; readonly absent: number }[];
}

/** Little's (1988) test that values are missing completely at random. */
export interface LittleTest {
  readonly columns: readonly string[];
  readonly subjects: number;
  readonly patterns: number;
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

/** How a difference between two classes moves if what is missing in the second was unlike what was measured there. */
export interface DeltaShift {
  readonly modality: string;
  readonly feature: string;
  /** Share of all subjects without a value, in the first and in the second class. */
  readonly missingShare: readonly [number, number];
  /** Difference of class means (second less first) in standard deviations, gaps of the second filled with its mean plus δ. */
  readonly differences: readonly { readonly delta: number; readonly difference: number }[];
  /** The δ, in standard deviations, at which no difference is left; null where nothing is missing there. */
  readonly tippingDelta: number | null;
}

/** A column that tells the target almost alone. */
export interface Leak {
  readonly modality: string;
  readonly feature: string;
  readonly class: string;
  /** Of the column for this class against the rest, whichever way it points. */
  readonly auroc: number;
  /** By its values, or by which subjects have one. */
  readonly by: 'value' | 'missingness';
  readonly n: number;
}

export interface Note {
  readonly code: string;
  readonly message: string;
}

export interface Inspection {
  readonly kind: 'inspection';
  readonly version: 1;
  readonly study: {
    readonly name: string;
    readonly title: string;
    readonly subjects: number;
    readonly target: {
      readonly name: string;
      readonly classes: readonly string[];
      readonly classCounts: readonly number[];
    };
    /** How many groups (sites, families) the study names. */
    readonly groups?: number;
  };
  readonly seed: number;
  readonly modalities: readonly ModalityCard[];
  readonly patterns: readonly {
    readonly present: readonly string[];
    readonly n: number;
    readonly classCounts: readonly number[];
  }[];
  readonly absence: readonly Absence[];
  readonly groupsWithTarget?: Association;
  readonly little: LittleTest | null;
  readonly deltaShift: readonly DeltaShift[];
  readonly leaks: readonly Leak[];
  readonly warnings: readonly Note[];
}
