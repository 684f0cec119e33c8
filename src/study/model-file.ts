/**
 * A fitted model as one file: a stored zip of `model.json` (what the model is and what it needs to read), the numbers it
 * learned as blobs, and `SHA256SUMS` (`sha256sum -c` reads it). It holds no subject's id and no subject's row. Checksums
 * detect damage, not forgery.
 */
import { sha256 } from '../array/sha256.ts';
import type { Modality } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import type { Json, JsonObject, Saved, Spec } from '../estimator.ts';
import type { Notes } from '../fuse/prediction.ts';
import { readStoredZip, type StoredFiles, writeStoredZip } from '../read/packed/stored-zip.ts';
import { checkModel } from './model-check.ts';

export const modelVersion = 1;

/** How a modality's tables were read. New ones are looked for under the same names and read alike. */
export interface TableSource {
  /** Names of its files, without folders; of scans also a pattern, relative to the study, `scans/{subject}.nii.gz`. */
  readonly files: readonly string[];
  readonly key?: string;
  readonly separator?: ',' | '\t' | ';' | 'tab';
  readonly encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly orientation?: 'subjects-by-features' | 'features-by-subjects';
  readonly missing?: readonly string[];
  /** Of scans, which the table only names. */
  readonly images?: ImageSource;
}

/** How scans were read. */
export interface ImageSource {
  /** Column of the table that names them. */
  readonly column?: string;
  /** Of folders with several series of DICOM slices, the SeriesNumber, or the column of the table that tells it or the UID. */
  readonly series?: number | { readonly column: string };
  /** Of series that hold several volumes, which of them. */
  readonly part?: string;
  /** Whether each is laid on the grid of the modality, or must be on it. */
  readonly resampled: boolean;
  readonly interpolation?: 'nearest' | 'linear' | 'cubic';
  /** Which of several frames; default: 0. */
  readonly frame?: number;
}

export interface ModelModality {
  readonly modality: Modality;
  /** How its values were held in training; held otherwise, the same subject would get other last digits. */
  readonly numbers: 'float32' | 'float64';
  readonly table: TableSource;
}

/** Where the sites of subjects were told, which a model asks for that adjusts for them. */
export interface ModelSite {
  readonly column: string;
  readonly table: TableSource;
}

/** What was told, without who it was told of. */
export type ModelTarget =
  | { readonly kind: 'classes'; readonly name: string; readonly classes: readonly string[] }
  | { readonly kind: 'survival'; readonly name: string }
  | { readonly kind: 'value'; readonly name: string; readonly unit?: string };

/** `model.json`, less the state of the model itself. */
export interface ModelDescription {
  /** Version of the toolkit that fitted it. */
  readonly consilience: string;
  /** Name of the study. */
  readonly study: string;
  readonly strategy: { readonly name: string; readonly spec: Spec };
  readonly seed: number;
  /** Those that the model uses. */
  readonly modalities: readonly ModelModality[];
  /** Only where a step of preparation asks for sites. */
  readonly site?: ModelSite;
  readonly target: ModelTarget;
  readonly training: {
    readonly subjects: number;
    /** Subjects of each class, or censored ones and events. */
    readonly counts: { readonly [name: string]: number };
    /** Subjects who have each modality. */
    readonly modalities: { readonly [name: string]: number };
  };
  readonly notes: Notes;
}

export interface ModelFile {
  readonly description: ModelDescription;
  readonly saved: Saved;
}

/** The same bytes for the same model, whenever and wherever. */
export async function writeModel({ description, saved }: ModelFile): Promise<Uint8Array> {
  const { blobs, ...fitted } = saved;
  const json = { kind: 'model', version: modelVersion, ...description, fitted };
  const files = new Map<string, Uint8Array>([['model.json', new TextEncoder().encode(`${JSON.stringify(json)}\n`)]]);
  for (const name of Object.keys(blobs).sort()) files.set(`blobs/${name}`, blobs[name]);
  const sums = await sumsOf(files);
  return writeStoredZip(files.set('SHA256SUMS', new TextEncoder().encode(sums)));
}

async function sumsOf(files: StoredFiles): Promise<string> {
  const lines = [...files]
    .filter(([name]) => name !== 'SHA256SUMS')
    .map(async ([name, bytes]) => `${await sha256(bytes)}  ${name}\n`);
  return (await Promise.all(lines)).join('');
}

/**
 * @param name the file's name, for messages
 * @throws InputError where the file is no model, is damaged anywhere, lacks a part, or was written by a newer version
 */
export async function readModel(bytes: Uint8Array, name: string): Promise<ModelFile> {
  const { files, whole } = await opened(bytes, name);
  const json = files.get('model.json');
  if (!json) throw new InputError({ where: name, what: 'not a model', expected: 'model.json in it' });
  if (!whole) throw await damaged(files, name);
  const { kind, version, fitted, ...description } = parsed(json, name);
  if (kind !== 'model') {
    throw new InputError({ where: name, what: 'not a model', expected: 'kind "model"', got: JSON.stringify(kind) });
  }
  if (!(Number.isInteger(version) && (version as number) > 0 && (version as number) <= modelVersion)) {
    const expected = `version ${modelVersion} at most`;
    throw new InputError({
      where: name,
      what: 'from a newer consilience',
      expected,
      got: `version ${JSON.stringify(version)}`,
    });
  }
  const listed = textOf(files, 'SHA256SUMS').split('\n').slice(0, -1);
  const missing = listed.map((line) => line.slice(66)).find((part) => !files.has(part));
  if (missing !== undefined)
    throw new InputError({ where: name, what: 'a part of the model is missing', expected: missing });
  if ((await sumsOf(files)) !== textOf(files, 'SHA256SUMS')) throw await damaged(files, name);
  checkModel({ ...description, fitted } as JsonObject, name);
  const blobs = [...files].flatMap(([path, part]) =>
    path.startsWith('blobs/') ? [[path.slice(6), part] as const] : [],
  );
  return {
    description: description as unknown as ModelDescription,
    saved: { ...(fitted as unknown as Omit<Saved, 'blobs'>), blobs: Object.fromEntries(blobs) },
  };
}

async function opened(bytes: Uint8Array, name: string) {
  try {
    return await readStoredZip(bytes, name);
  } catch (cause) {
    const { got } = cause as InputError;
    const expected = 'a file that `consilience fit` wrote';
    throw new InputError({
      where: name,
      what: 'not a model, or damaged',
      expected,
      ...(got !== undefined && { got }),
      cause,
    });
  }
}

/** Which part it is, as far as the list of checksums tells. */
async function damaged(files: StoredFiles, name: string): Promise<InputError> {
  const listed = new Set(textOf(files, 'SHA256SUMS').split('\n'));
  const found = (await sumsOf(files)).split('\n').find((line) => !listed.has(line));
  const got =
    found === undefined ? 'bytes that were altered between its parts' : `a ${found.slice(66)} that was altered`;
  return new InputError({ where: name, what: 'damaged model', expected: 'the bytes that were written', got });
}

function textOf(files: StoredFiles, name: string): string {
  return new TextDecoder().decode(files.get(name) ?? new Uint8Array(0));
}

function parsed(json: Uint8Array, name: string): { readonly [key: string]: Json } {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(json));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // said below
  }
  throw new InputError({ where: `${name}: model.json`, what: 'not a JSON object', expected: 'that of a model' });
}
