/** A study file as text, checked: every complaint names file, line and column. */
import { InputError } from '../errors.ts';
import { readYaml } from '../read/yaml.ts';
import { complaint } from './complaint.ts';
import { type StudyFile, studySchema, studyVersion } from './schema.ts';

/**
 * @param name file name for messages
 * @throws InputError `NAME:LINE:COLUMN: path: what, expected ..., got ...`
 */
export function parseStudy(text: string, name: string): StudyFile {
  const { value, whereIs } = readYaml(text, name);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const expected = 'a map with "modalities" and "target"';
    throw new InputError({ where: `${name}:1:1`, what: 'not a study', expected, got: kindOf(value) });
  }
  const { version } = value as { version?: unknown };
  if (typeof version === 'number' && version > studyVersion) {
    throw new InputError({
      where: `${whereIs(['version'])}: version`,
      what: 'the study was written for a newer consilience',
      expected: `at most ${studyVersion}`,
      got: String(version),
    });
  }
  const forbidden = modalityNames(value).find((modality) => modality === '__proto__');
  if (forbidden) {
    const where = `${whereIs(['modalities', forbidden])}: modalities`;
    throw new InputError({
      where,
      what: 'a name that JavaScript keeps for itself',
      expected: 'another name',
      got: forbidden,
    });
  }
  const checked = studySchema.safeParse(value);
  if (checked.success) return checked.data;
  throw complaint(checked.error.issues, value, whereIs);
}

function modalityNames(study: object): string[] {
  const { modalities } = study as { modalities?: unknown };
  return modalities !== null && typeof modalities === 'object' ? Object.getOwnPropertyNames(modalities) : [];
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
