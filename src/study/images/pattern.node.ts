/** Patterns of the names of scans: `scans/{subject}/t1.nii.gz`. */
import { isAbsolute, relative, sep } from 'node:path';

export const place = '{subject}';

export function isPattern(file: string): boolean {
  return file.includes(place);
}

/** As a model keeps it, relative to the study; of one that stands elsewhere, from the subject on. */
export function keptPattern(pattern: string, folder: string): string {
  const own = relative(folder, pattern).split(sep);
  return own[0] === '..' || isAbsolute(own.join(sep)) ? fromSubject(own.join('/')) : own.join('/');
}

/** Without the folders before that of the subject. */
export function fromSubject(pattern: string): string {
  const segments = pattern.split('/');
  return segments.slice(segments.findIndex(isPattern)).join('/');
}
