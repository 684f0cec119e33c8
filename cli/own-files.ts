/** Files that this program wrote, told by what is in them: they may be replaced by the next, others are not ours to lose. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { parquetMetadata } from 'hyparquet';

/** What a file of ours may hold. */
export type Holding = 'comparison' | 'consilience-nights' | 'inspection' | 'predictions' | 'test predictions';

/** Columns that no other table has in this company: those of a model's predictions, those of a comparison's. */
const columnsOf: { readonly [holding: string]: readonly [first: readonly string[], later: readonly string[]] } = {
  predictions: [['subject'], ['uncertainty', 'filled', 'present', 'basis']],
  'test predictions': [
    ['repeat', 'fold', 'subject', 'strategy', 'truth'],
    ['present', 'basis'],
  ],
};

/** Whether the file is one of ours that holds this; by the ending of its name it is read as JSON, Parquet or CSV. */
export function isOurs(path: string, holding: Holding): boolean {
  try {
    switch (extname(path).toLowerCase()) {
      case '.json':
        return (JSON.parse(readFileSync(path, 'utf8')) as { kind?: unknown } | null)?.kind === holding;
      case '.parquet':
        return parquetHas(path, columnsOf[holding]);
      default:
        return headerHas(path, columnsOf[holding]);
    }
  } catch {
    return false; // what cannot be read cannot be told to be ours
  }
}

function parquetHas(path: string, [first, later]: (typeof columnsOf)[string]): boolean {
  const bytes = new Uint8Array(readFileSync(path));
  const names = parquetMetadata(bytes.buffer)
    .schema.slice(1)
    .map(({ name }) => name);
  return first.every((name, at) => names[at] === name) && later.every((name) => names.includes(name));
}

const longestHeader = 2 ** 20; // bytes: of a thousand classes, and more

/** Names of classes may hold anything, also line ends, in between. */
function headerHas(path: string, [first, later]: (typeof columnsOf)[string]): boolean {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(longestHeader);
    const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, longestHeader, 0));
    return text.startsWith(`${first.join()},`) && text.includes(`,${later.join()}`);
  } finally {
    closeSync(file);
  }
}
