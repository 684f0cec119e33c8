/** What `distortion` tells, as plain data. */
import type { Dependence } from './dependence.ts';

export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

export interface Distortion {
  /** Of all voxels of all scans of a subject together, nats, less its bias. */
  readonly mutualInformation: BeforeAfter & {
    /** What is found where the second modality of each scan is shifted against the first: that of no relation (95 %). */
    readonly unrelated: number;
    /** Chance of as large a value after harmonizing if nothing were left of the relation. */
    readonly p: number;
  };
  /** Spearman's, of all voxels together. */
  readonly rankCorrelation: BeforeAfter;
  /** Total variation between the copulas before and after, over that between before and no relation: 0 kept, 1 lost. */
  readonly copulaDistance: number;
  /** Pearson correlation of the two modalities over the voxels of each tissue, of all scans together. */
  readonly withinTissue: readonly ({ readonly tissue: string } & BeforeAfter)[];
  /** Whether a tissue's value follows how much of another the scan shows, over scans; only of 4 scans or more. */
  readonly composition: readonly Composition[];
}

export interface Composition {
  readonly modality: number;
  readonly tissue: string;
  /** The tissue whose share of the scan it is held against. */
  readonly shareOf: string;
  readonly before: Dependence;
  readonly after: Dependence;
}

export interface DistortionReport {
  readonly subjects: readonly ({ readonly name: string; readonly site?: string } & Distortion)[];
  /** Means over the subjects of a site, of that which has one number a subject. */
  readonly sites: readonly {
    readonly site: string;
    readonly subjects: number;
    readonly mutualInformation: BeforeAfter;
    readonly rankCorrelation: BeforeAfter;
    readonly copulaDistance: number;
  }[];
}
