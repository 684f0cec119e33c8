/** Scans that are read without fault and yet are not like the others: empty, a mask in the place of a scan, mostly missing. */
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';

interface ScanLook {
  readonly name: string;
  /** Different values, counted up to three. */
  readonly levels: number;
  /** Share of the voxels of the grid that were measured. */
  readonly share: number;
}

export function lookOf(name: string, values: Float32Array, observed: Uint8Array): ScanLook {
  const levels = new Set<number>();
  let seen = 0;
  for (let at = 0; at < values.length; at++) {
    if (!observed[at]) continue;
    seen++;
    if (levels.size < 3) levels.add(values[at]);
  }
  return { name, levels: levels.size, share: seen / values.length };
}

/** What is so of half of the scans or more is what this modality is, and no oddity. */
export function oddScans(modality: string, looks: readonly ScanLook[]): Warning[] {
  const odd = [
    { code: 'flat-scans', what: 'the same value everywhere', is: ({ levels }: ScanLook) => levels === 1 },
    { code: 'mask-like-scans', what: 'two values only, as a mask has', is: ({ levels }: ScanLook) => levels === 2 },
    {
      code: 'sparse-scans',
      what: 'fewer than half of the voxels of the grid',
      is: ({ share }: ScanLook) => share < 0.5,
    },
  ];
  return odd.flatMap(({ code, what, is }) => {
    const found = looks.filter(is);
    if (found.length === 0 || 2 * found.length >= looks.length) return [];
    const names = found.slice(0, 5).map(({ name }) => name);
    const more = found.length > 5 ? ', ...' : '';
    const have = found.length === 1 ? 'has' : 'have';
    const message = `${modality}: ${found.length} of ${looks.length} scans ${have} ${what}: ${names.join(', ')}${more}`;
    return [{ code, message }];
  });
}

/** Codes of what `oddScans` tells. */
const codes: ReadonlySet<string> = new Set(['flat-scans', 'mask-like-scans', 'sparse-scans']);

/**
 * Does work that takes scans by their places alone, as folds do.
 *
 * @throws InputError as the work does; of one about a subject's scan also with the scans of that modality that are odd
 */
export async function namingOddScans<T>(warnings: readonly Warning[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { where, what, expected, got, cause } = error;
    const odd = warnings.filter(
      ({ code, message }) => codes.has(code) && where.includes(`: ${message.slice(0, message.indexOf(':'))}: subject `),
    );
    if (odd.length === 0) throw error;
    const told = [...(got === undefined ? [] : [got]), ...odd.map(({ message }) => message)].join('; ');
    throw new InputError({ where, what, ...(expected !== undefined && { expected }), got: told, cause });
  }
}
