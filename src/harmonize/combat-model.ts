/**
 * The location and scale model under ComBat (Johnson, Li and Rabinovic 2007, section 3): value = mean + covariates ·
 * slopes + sd (shift of the site + spread of the site · noise), feature by feature, by least squares.
 */
import type { Floats, Matrix } from '../array/matrix.ts';
import { InputError } from '../errors.ts';

/** What the model is fitted to: training subjects only. */
export interface SiteData {
  readonly values: Matrix; // [subjects, features]
  readonly observed: Uint8Array; // [subjects, features]
  readonly site: Int32Array; // [subjects]
  readonly sites: readonly string[];
  readonly covariates: Matrix<Float64Array>; // [subjects, covariates]
  readonly covariateNames: readonly string[];
}

export interface SiteModel {
  readonly mean: Float64Array; // [features]: of all subjects, or of the reference site, at covariates of 0
  readonly slopes: Float64Array; // [covariates, features]
  readonly sd: Float64Array; // [features]; 0 where nothing is left to scale: such a feature is carried unchanged
  /** Of the standardized values of each site: how many, their mean, their summed squares about it. */
  readonly counts: Float64Array; // [sites, features]
  readonly means: Float64Array; // [sites, features]
  readonly squares: Float64Array; // [sites, features]
}

/** @throws InputError where a covariate says nothing within sites, so that it cannot be told from them. */
export function fitSites(data: SiteData, reference: number | undefined): SiteModel {
  const { values, observed, site, sites, covariates, covariateNames } = data;
  const [rows, features] = values.shape;
  const width = sites.length + covariateNames.length;
  const mean = new Float64Array(features); // [features]
  const slopes = new Float64Array(covariateNames.length * features); // [covariates, features]
  const sd = new Float64Array(features); // [features]
  const counts = new Float64Array(sites.length * features); // [sites, features]
  const means = new Float64Array(sites.length * features); // [sites, features]
  const squares = new Float64Array(sites.length * features); // [sites, features]
  const design = designOf(data); // [subjects, sites + covariates]
  const everyone = Int32Array.from({ length: rows }, (_, i) => i);
  const whole = factor(design, everyone, width);
  whole.dropped.forEach((dropped, k) => {
    if (dropped) refuseConfounded(covariateNames[k - sites.length], sites.length);
  });
  for (let j = 0; j < features; j++) {
    const there = everyone.filter((i) => observed[i * features + j] === 1);
    if (there.length === 0) continue;
    const solver = there.length === rows ? whole : factor(design, there, width);
    const coefficients = solver.solve(design, there, (i) => values.data[i * features + j]);
    const own = new Float64Array(sites.length); // subjects of each site with a value
    for (const i of there) own[site[i]]++;
    if (reference === undefined) {
      for (let s = 0; s < sites.length; s++) mean[j] += (own[s] / there.length) * coefficients[s];
    } else if (own[reference] > 0) mean[j] = coefficients[reference];
    else continue; // nothing to refer to: carried unchanged
    for (let c = 0; c < covariateNames.length; c++) slopes[c * features + j] = coefficients[sites.length + c];
    sd[j] = spreadOf(
      there,
      reference,
      (i) => values.data[i * features + j] - dot(design, i, width, coefficients),
      site,
    );
    if (sd[j] <= 1e-9 * Math.abs(mean[j])) sd[j] = 0;
    if (sd[j] === 0) continue;
    const standardized = (i: number) =>
      (values.data[i * features + j] - mean[j] - effectOf(covariates.data, i, slopes, j, features)) / sd[j];
    for (const i of there) means[site[i] * features + j] += standardized(i) / own[site[i]];
    for (const i of there) squares[site[i] * features + j] += (standardized(i) - means[site[i] * features + j]) ** 2;
    for (let s = 0; s < sites.length; s++) counts[s * features + j] = own[s];
  }
  return { mean, slopes, sd, counts, means, squares };
}

/** What the covariates of subject i add to feature j. */
export function effectOf(covariates: Floats, i: number, slopes: Float64Array, j: number, features: number): number {
  const many = slopes.length / features;
  let sum = 0;
  for (let c = 0; c < many; c++) sum += covariates[i * many + c] * slopes[c * features + j];
  return sum;
}

/** One column a site, then covariates: the sites span the intercept. */
function designOf({ site, sites, covariates }: SiteData): Float64Array {
  const many = covariates.shape[1];
  const width = sites.length + many;
  const design = new Float64Array(site.length * width); // [subjects, sites + covariates]
  for (let i = 0; i < site.length; i++) {
    design[i * width + site[i]] = 1;
    for (let c = 0; c < many; c++) design[i * width + sites.length + c] = covariates.data[i * many + c];
  }
  return design;
}

/** √ of the mean squared residual: of all subjects, or of those of the reference site. */
function spreadOf(
  rows: Int32Array,
  reference: number | undefined,
  residual: (i: number) => number,
  site: Int32Array,
): number {
  let sum = 0;
  let n = 0;
  for (const i of rows) {
    if (reference !== undefined && site[i] !== reference) continue;
    sum += residual(i) ** 2;
    n++;
  }
  return Math.sqrt(sum / n);
}

/**
 * Normal equations by Cholesky. A column that is a combination of those before it (a site without values, a covariate
 * that does not vary among those measured) is dropped: its coefficient is 0.
 */
function factor(design: Float64Array, rows: Int32Array, width: number) {
  const l = new Float64Array(width * width); // [columns, columns], lower
  const dropped = new Uint8Array(width);
  for (const i of rows) {
    for (let a = 0; a < width; a++) {
      const value = design[i * width + a];
      if (value !== 0) for (let b = 0; b <= a; b++) l[a * width + b] += value * design[i * width + b];
    }
  }
  for (let a = 0; a < width; a++) {
    const whole = l[a * width + a];
    for (let b = 0; b <= a; b++) {
      let left = l[a * width + b];
      for (let k = 0; k < b; k++) left -= l[a * width + k] * l[b * width + k];
      if (b < a) l[a * width + b] = dropped[b] ? 0 : left / l[b * width + b];
      else if (left > 1e-10 * whole) l[a * width + a] = Math.sqrt(left);
      else dropped[a] = 1;
    }
    if (dropped[a]) l.fill(0, a * width, a * width + a + 1);
  }
  const solve = (x: Float64Array, those: Int32Array, y: (i: number) => number): Float64Array => {
    const b = new Float64Array(width); // [columns]
    for (const i of those) {
      const value = y(i);
      for (let a = 0; a < width; a++) b[a] += x[i * width + a] * value;
    }
    for (let a = 0; a < width; a++) {
      for (let k = 0; k < a; k++) b[a] -= l[a * width + k] * b[k];
      b[a] = dropped[a] ? 0 : b[a] / l[a * width + a];
    }
    for (let a = width - 1; a >= 0; a--) {
      for (let k = a + 1; k < width; k++) b[a] -= l[k * width + a] * b[k];
      b[a] = dropped[a] ? 0 : b[a] / l[a * width + a];
    }
    return b;
  };
  return { dropped, solve };
}

function dot(design: Float64Array, i: number, width: number, coefficients: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < width; a++) sum += design[i * width + a] * coefficients[a];
  return sum;
}

function refuseConfounded(covariate: string, sites: number): never {
  throw new InputError({
    where: `comBat: covariate ${covariate}`,
    what: 'cannot be told from the sites and the covariates before it',
    expected: `values that vary within at least one of the ${sites} sites`,
  });
}
