import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type AffineTransform,
  checkerboard,
  difference,
  identityAffine,
  overlay,
  type Registration,
  type RegistrationOptions,
  readImageFile,
  register,
  resample,
  type SpatialTransform,
  saveTransform,
  type Volume,
  writeAll,
  writeNifti,
  writePng,
  writeTfm,
} from '../../src/index.ts';
import { exitCodes } from '../exit-codes.ts';
import { progressBar } from '../progress.ts';
import { interruptible } from './interruption.ts';
import { type Motion, motionInWords, motionOf } from './motion-words.ts';
import { checkOutput } from './outputs.ts';
import { readTransform } from './transform-of.ts';
import { percentInWords, shortNumber, shown } from './words.ts';

export interface RegisterFlags {
  readonly out?: string;
  readonly transform: keyof typeof models;
  readonly metric: keyof typeof metrics;
  readonly start: string;
  readonly seed?: number;
  readonly restarts?: number;
  readonly spacing?: number;
  readonly control?: number;
  readonly fixedMask?: string;
  readonly movingMask?: string;
  readonly differentObjects?: boolean;
  readonly sameObject?: boolean;
  readonly accept?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
}

const models = {
  translation: 'translation',
  rigid: 'rigid',
  similarity: 'similarity',
  affine: 'affine',
  bspline: 'bSpline',
} as const;
const metrics = {
  'mutual-information': 'mutualInformation',
  'normalized-correlation': 'normalizedCorrelation',
  'mean-squares': 'meanSquares',
} as const;
const starts = { auto: 'auto', header: 'header', centres: 'centresOfMass' } as const;

/** Files that are written only of a registration that is accepted. */
const products = ['transform.json', 'transform.tfm', 'registered.nii.gz'];
const pictures = { checkerboard, overlay, difference } as const;
const summary = 'registration.json';

/** Finds where the moving image is; prints how sure that is, and exits 1 where it cannot be trusted. */
export async function registerScans(fixedFile: string, movingFile: string, flags: RegisterFlags): Promise<number> {
  const { out, accept = false, json = false, force = false } = flags;
  const model = models[flags.transform];
  const startFile = Object.hasOwn(starts, flags.start) ? undefined : flags.start;
  const inputs = [fixedFile, movingFile, startFile, flags.fixedMask, flags.movingMask].filter(
    (one) => one !== undefined,
  );
  if (out !== undefined) {
    for (const name of [summary, ...products, ...Object.keys(pictures).map((one) => `${one}.png`)]) {
      checkOutput(join(out, name), [''], inputs, force, `--out ${out}`);
    }
  }
  return interruptible(async (signal) => {
    process.stderr.write(`registering ${basename(movingFile)} to ${basename(fixedFile)}: ${flags.transform}\n`);
    const [fixed, moving] = [await readImageFile(fixedFile), await readImageFile(movingFile)];
    const options = await optionsOf(flags, startFile);
    const bar = progressBar('registering');
    const found = await register(fixed, moving, {
      ...options,
      model,
      refuse: false,
      signal,
      ...(process.stderr.isTTY && { onProgress: bar.update }), // too short for lines in a log
    }).finally(bar.stop);
    const trusted = found.reasons.length === 0;
    const motion = motionOf(linearOf(found.transform), fixed);
    const told = toldOf(found, motion, { fixed: fixedFile, moving: movingFile, accepted: trusted || accept });
    if (out !== undefined) await writeResult(out, fixed, moving, found, told);
    const text = json ? JSON.stringify(told, null, 1) : inWords(told, fixed, moving, flags);
    process.stdout.write(`${text}\n`);
    return told.accepted ? exitCodes.ok : exitCodes.failed;
  });
}

async function optionsOf(flags: RegisterFlags, startFile: string | undefined): Promise<RegistrationOptions> {
  const { metric, seed, restarts, spacing, control, fixedMask, movingMask, differentObjects, sameObject } = flags;
  const start = startFile === undefined ? starts[flags.start as keyof typeof starts] : await readTransform(startFile);
  return {
    metric: metrics[metric],
    start,
    ...(seed !== undefined && { seed }),
    ...(restarts !== undefined && { restarts }),
    ...(spacing !== undefined && { spacingMm: spacing }),
    ...(control !== undefined && { controlMm: control }),
    ...(fixedMask !== undefined && { fixedMask: await readImageFile(fixedMask) }),
    ...(movingMask !== undefined && { movingMask: await readImageFile(movingMask) }),
    ...(differentObjects && { sameObject: false }),
    ...(sameObject && { sameObject: true }),
  };
}

interface Told {
  readonly kind: 'registration';
  readonly version: 1;
  readonly fixed: string;
  readonly moving: string;
  readonly model: string;
  /** Whether it can be trusted, or was asked for all the same. */
  readonly accepted: boolean;
  readonly reasons: readonly string[];
  readonly metric: Registration['metric'];
  readonly estimatedErrorMm: number;
  readonly overlap: number;
  readonly motion: Motion;
  readonly evidence: Registration['evidence'];
  /** Of a linear transform, from fixed to moving, RAS mm, row by row. */
  readonly matrix?: readonly (readonly number[])[];
}

function toldOf(
  { transform, reasons, metric, estimatedErrorMm, overlap, evidence }: Registration,
  motion: Motion,
  { fixed, moving, accepted }: Pick<Told, 'fixed' | 'moving' | 'accepted'>,
): Told {
  const linear = transform.kind === 'affine' ? transform : undefined;
  return {
    kind: 'registration',
    version: 1,
    fixed,
    moving,
    model: linear?.model ?? 'bSpline',
    accepted,
    reasons,
    metric,
    estimatedErrorMm,
    overlap,
    motion,
    evidence,
    ...(accepted && linear && { matrix: [0, 4, 8, 12].map((row) => Array.from(linear.matrix.subarray(row, row + 4))) }),
  };
}

/** Of a deformation the affine that follows it. */
function linearOf(transform: SpatialTransform): AffineTransform {
  if (transform.kind === 'affine') return transform;
  const parts = transform.kind === 'composite' ? transform.parts : [];
  const linear = parts.find((part) => part.kind === 'affine');
  return linear ?? { kind: 'affine', model: 'affine', matrix: identityAffine() };
}

/** ITK's text has no deformation of two dimensions. */
function hasTfm({ model }: Told, { dimensions }: Volume): boolean {
  return model !== 'bSpline' || dimensions === 3;
}

/** Pictures show the refused too, so that one may see why. What an earlier run wrote is not left beside a refusal. */
async function writeResult(
  folder: string,
  fixed: Volume,
  moving: Volume,
  { transform }: Registration,
  told: Told,
): Promise<void> {
  const { volume: registered } = resample(moving, fixed, { transform });
  const drawn = Object.entries(pictures).map(([name, draw]) => {
    return [`${name}.png`, writePng(draw(fixed, { ...registered, placed: fixed.placed }))] as const;
  });
  const { dimensions, placed } = fixed;
  const made: Record<string, string | Uint8Array> = told.accepted
    ? {
        'transform.json': saveTransform(transform),
        ...(hasTfm(told, fixed) && { 'transform.tfm': writeTfm(transform) }),
        'registered.nii.gz': writeNifti({ ...registered, dimensions, placed }, { gzip: true }),
      }
    : {};
  await writeAll(folder, {
    ...Object.fromEntries(drawn),
    ...made,
    [summary]: `${JSON.stringify(told, null, 1)}\n`,
  });
  for (const name of products) if (!(name in made)) await rm(join(folder, name), { force: true });
}

function inWords(told: Told, fixed: Volume, moving: Volume, { out, accept }: RegisterFlags): string {
  const { model, metric, estimatedErrorMm, overlap, motion, reasons, accepted } = told;
  const kind = Object.entries(metrics)
    .find(([, one]) => one === metric.kind)?.[0]
    .replace('-', ' ');
  const lines = [
    `${model === 'bSpline' ? 'bspline: bent, then' : `${model}:`} ${motionInWords(motion, model, fixed, fixed.placed && moving.placed)}`,
    `${kind}: ${figure(metric.before)} before, ${figure(metric.after)} after; overlap ${percentInWords(overlap)}`,
    `estimated error: ${figure(estimatedErrorMm)} mm, which 92 % of errors stay below`,
  ];
  if (reasons.length > 0) {
    lines.push(`not to be trusted: ${reasons.join('; ')}`);
    lines.push(accept ? 'accepted all the same' : 'refused; --accept takes it all the same');
  }
  if (out !== undefined) {
    const tfm = hasTfm(told, fixed) ? 'transform.tfm, ' : '';
    const rest = accepted ? `transform.json, ${tfm}registered.nii.gz, ` : '';
    lines.push(`In ${shown(out)}: ${rest}${summary}, ${Object.keys(pictures).join('.png, ')}.png`);
  }
  return lines.join('\n');
}

function figure(value: number): string {
  return shortNumber(Number(value.toPrecision(3)));
}
