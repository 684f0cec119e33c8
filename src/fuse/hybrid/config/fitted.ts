/** A fitted strategy, a fusion over time or its scoring alone, as a file of JSON, which a configuration names. */
import { InputError } from '../../../errors.ts';
import type { JsonObject, Saved } from '../../../estimator.ts';

/** @returns the text of the file; `parseFitted` reads it */
export function writeFitted({ kind, version, state, blobs }: Saved): string {
  const coded = Object.entries(blobs).map(([name, bytes]) => [name, base64(bytes)]);
  return `${JSON.stringify({ kind, version, state, ...(coded.length > 0 && { blobs: Object.fromEntries(coded) }) })}\n`;
}

/** @throws InputError for what is no fitted strategy */
export function parseFitted(text: string, name: string): Saved {
  const refuse = (cause?: unknown): never => {
    const expected = 'JSON with "kind", "version" and "state", as writeFitted makes it';
    throw new InputError({ where: name, what: 'not a fitted strategy', expected, cause });
  };
  let given: Partial<Record<'kind' | 'version' | 'state' | 'blobs', unknown>> | null = null;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    refuse(cause);
  }
  if (typeof given !== 'object' || given === null) return refuse();
  const { kind, version, state, blobs = {} } = given;
  if (typeof kind !== 'string' || !/^(scoring\.|over-time$)/.test(kind) || typeof version !== 'number') return refuse();
  if (typeof state !== 'object' || state === null || typeof blobs !== 'object' || blobs === null) return refuse();
  try {
    const bytes = Object.entries(blobs).map(([blob, coded]) => [blob, unBase64(String(coded))]);
    return { kind, version, state: state as JsonObject, blobs: Object.fromEntries(bytes) };
  } catch (cause) {
    return refuse(cause);
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function unBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
