/** Whether `model.json` has the shape it must have, before anything is built on it. Its schema is small enough to write out. */
import { scales } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import type { Json, JsonObject } from '../estimator.ts';
import { checkParts } from './model-parts.ts';

/** Throws where a value is not what it should be. */
type Check = (value: Json | undefined, path: string) => void;

const text: Check = (value, path) => expectThat(typeof value === 'string', value, path, 'text');
const whole: Check = (value, path) =>
  expectThat(Number.isSafeInteger(value) && (value as number) >= 0, value, path, 'a whole number from 0');
const number: Check = (value, path) => expectThat(Number.isFinite(value), value, path, 'a number');
const flag: Check = (value, path) => expectThat(typeof value === 'boolean', value, path, 'true or false');
const object: Check = (value, path) => expectThat(isObject(value), value, path, 'an object');

const oneOf =
  (names: readonly string[]): Check =>
  (value, path) =>
    expectThat(typeof value === 'string' && names.includes(value), value, path, `one of ${names.join(', ')}`);

const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

const listOf =
  (check: Check): Check =>
  (value, path) => {
    expectThat(Array.isArray(value), value, path, 'a list');
    (value as readonly Json[]).forEach((one, at) => {
      check(one, `${path}.${at}`);
    });
  };

const fields =
  (checks: { readonly [key: string]: Check }): Check =>
  (value, path) => {
    object(value, path);
    for (const [key, check] of Object.entries(checks)) check((value as JsonObject)[key], path ? `${path}.${key}` : key);
  };

const feature = fields({ name: text, scale: oneOf(scales), unit: optional(text), levels: optional(listOf(text)) });
const table = fields({
  files: listOf(text),
  key: optional(text),
  separator: optional(oneOf([',', '\t', ';', 'tab'])),
  encoding: optional(oneOf(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])),
  orientation: optional(oneOf(['subjects-by-features', 'features-by-subjects'])),
  missing: optional(listOf(text)),
  images: optional(
    fields({
      column: optional(text),
      series: optional((value, path) => (typeof value === 'number' ? whole : fields({ column: text }))(value, path)),
      part: optional(text),
      resampled: flag,
      interpolation: optional(oneOf(['nearest', 'linear', 'cubic'])),
      frame: optional(whole),
    }),
  ),
});
const model = fields({
  consilience: text,
  study: text,
  strategy: fields({ name: text, spec: fields({ kind: text, version: whole, options: object }) }),
  seed: whole,
  modalities: listOf(
    fields({
      modality: fields({
        name: text,
        features: listOf(feature),
        noise: text,
        constraint: text,
        missingness: text,
        sampling: object,
        groups: optional(listOf(fields({ name: text, features: listOf(text) }))),
        image: optional(fields({ channels: whole, shape: listOf(whole), affine: listOf(number) })),
      }),
      numbers: oneOf(['float32', 'float64']),
      table,
    }),
  ),
  site: optional(fields({ column: text, table })),
  target: fields({ kind: oneOf(['classes', 'survival', 'value']), name: text, classes: optional(listOf(text)) }),
  training: fields({ subjects: whole, counts: object, modalities: object }),
  notes: fields({ remarks: listOf(text), figures: object }),
  fitted: fields({ kind: text, version: whole, state: fields({ readout: fields({ kind: text, state: object }) }) }),
});

/** @throws InputError with the path of the first value that is not what a model has there, or does not fit the rest */
export function checkModel(json: JsonObject, name: string): void {
  try {
    model(json, '');
  } catch (fault) {
    const { path, expected, got } = fault as Fault;
    throw new InputError({ where: `${name}: model.json: ${path}`, what: 'not what a model has there', expected, got });
  }
  checkParts(json, name);
}

interface Fault {
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

function isObject(value: Json | undefined): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function expectThat(holds: boolean, value: Json | undefined, path: string, expected: string): void {
  if (holds) return;
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
  throw Object.assign(new Error(path), { path, expected, got } satisfies Fault);
}
