/**
 * What an instrument is. The measurement scale (Stevens 1946, with counts set apart) decides which arithmetic is
 * meaningful: harmonizers read it and never guess from the numbers.
 */
export const scales = ['nominal', 'ordinal', 'interval', 'ratio', 'count'] as const;
export type Scale = (typeof scales)[number];

export interface Feature {
  readonly name: string;
  readonly scale: Scale;
  readonly unit?: string;
  /** Names of the values of a nominal or ordinal feature (ordinal: from low to high); a value is an index into it. */
  readonly levels?: readonly string[];
  /** The measured feature that a step of preparation made it from; absent where it is that feature itself. */
  readonly source?: string;
}

/** Features that belong together, such as the genes of a pathway; a feature may stand in several groups. */
export interface FeatureGroup {
  readonly name: string;
  /** Names of measured features. */
  readonly features: readonly string[];
}

/** How measurements scatter about the truth. `unknown` is an honest answer. */
export const noiseModels = ['unknown', 'gaussian', 'poisson', 'negative-binomial', 'rician', 'correlated'] as const;
export type NoiseModel = (typeof noiseModels)[number];

/** `compositional`: only ratios between features carry meaning, since the total is an artefact (sequencing depth). */
export const constraints = ['none', 'compositional'] as const;
export type Constraint = (typeof constraints)[number];

/** Why values are absent, as far as the study knows (Rubin 1976). */
export const missingnesses = ['unknown', 'completely-at-random', 'at-random', 'not-at-random'] as const;
export type Missingness = (typeof missingnesses)[number];

/** When it is measured: once a subject, at irregular visits, or at a steady rate. */
export type Sampling =
  | { readonly kind: 'once' }
  | { readonly kind: 'visits' }
  | { readonly kind: 'regular'; readonly intervalSeconds: number };

export interface Modality {
  readonly name: string;
  readonly features: readonly Feature[];
  readonly noise: NoiseModel;
  readonly constraint: Constraint;
  readonly sampling: Sampling;
  readonly missingness: Missingness;
  /** Groups that its features are read by, each of which becomes a token of its own. */
  readonly groups?: readonly FeatureGroup[];
  /** Where its features stand, of an image: one feature a voxel of each channel, in the order of the data. */
  readonly image?: ImageLayout;
}

/** Features `[channels, depth, height, width]`, row-major, on one grid for all subjects. */
export interface ImageLayout {
  readonly channels: number;
  readonly shape: readonly [depth: number, height: number, width: number];
  /** From voxel index to RAS mm, row-major `[4, 4]` (see `array/grid.ts`); a list, since modalities are plain JSON. */
  readonly affine: readonly number[];
}

/** The measured feature behind a prepared one. */
export function sourceName({ source, name }: Feature): string {
  return source ?? name;
}
