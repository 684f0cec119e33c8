/** What could be told: an entry of the study file, tried on its table. */
import { classCounts, type Target } from '../../describe/target.ts';
import { InputError } from '../../errors.ts';
import type { TargetSchema } from '../schema.ts';
import { readTarget } from '../target/target.ts';
import type { Remark } from './commented.ts';
import type { DraftTable } from './table.ts';

export interface Candidate {
  readonly table: DraftTable;
  readonly score: number;
  /** What `--target` takes to have it: the column of classes or values, of survival the time. */
  readonly column: string;
  /** The columns that tell it, which are no inputs. */
  readonly columns: readonly string[];
  /** What the study says of it beside its file. */
  readonly entry: TargetSchema;
  /** Why the entry is as it is. */
  readonly remarks: readonly Remark[];
  readonly ids: readonly string[]; // subjects who have it
  readonly target: Target; // of `ids`
  /** What was noticed of it, beside how many lack it. */
  readonly doubts: readonly string[];
}

/** @throws InputError where the table does not hold such a target */
export function candidate({
  table,
  column,
  entry,
  remarks = [],
  score,
}: Pick<Candidate, 'table' | 'column' | 'entry' | 'score'> & Partial<Pick<Candidate, 'remarks'>>): Candidate {
  const { columns, ids, of, warnings } = readTarget(table.table, entry);
  const doubts = warnings
    .filter(({ code }) => code !== 'unlabelled-subjects' && code !== 'censoring-ignored') // said elsewhere in the draft
    .map(({ message }) => message);
  return { table, score, column, columns, entry, remarks, ids, target: of(ids), doubts };
}

/** What the product would refuse is no candidate. */
export function ifUsable(make: () => Candidate): Candidate | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** How it is called in a list: a column, or times with a status. */
export function nameOf({ column, entry, target }: Candidate): string {
  return target.kind === 'survival' ? `${[entry.time].flat().join(', ')} with ${entry.status}` : column;
}

/** Classes with the subjects of each (just their number where there are many), events and times, or a range. */
export function targetWords({ entry, target }: Candidate): string {
  switch (target.kind) {
    case 'classes': {
      const sizes = classCounts(target);
      const counts = target.classes.map((name, k) => `${name} (${sizes[k]})`);
      return counts.length > 6 ? `${counts.length} classes` : counts.join(', ');
    }
    case 'survival': {
      const events = target.event.reduce((sum, event) => sum + event, 0);
      const unit = entry.timeUnit ?? 'days';
      return `${events} with the event, ${target.event.length - events} censored, followed for up to ${longest(target.timeDays)} days${unit === 'days' ? '' : ` (given in ${unit})`}`;
    }
    case 'value':
      return `${target.values.length} values from ${short(Math.min(...target.values))} to ${short(Math.max(...target.values))}`;
  }
}

function longest(timeDays: Float64Array): string {
  return String(Math.round(Math.max(...timeDays)));
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
