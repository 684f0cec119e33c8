/** What became of everything that came in, and what was said: counts that lose nothing. */
import { type AlertKind, alertKinds } from '../fuse/hybrid/alert/alert.ts';
import type { HybridOutput } from '../fuse/hybrid/online.ts';
import { inputTime, type StreamInput } from './input.ts';
import type { SubjectsOutput } from './subjects.ts';

export interface StreamSummary {
  readonly kind: 'stream-summary';
  readonly version: 1;
  /** Everything that arrived; refused and taken together. */
  readonly arrived: number;
  readonly taken: number;
  readonly refused: number;
  /** By sensor, in the order of the setup, and last what was of none of them; only where something was. */
  readonly sensors: readonly SensorSummary[];
  readonly subjects: number;
  /** The first and the last time of arrival, as ISO 8601; absent where nothing arrived. */
  readonly from?: string;
  readonly to?: string;
  readonly alerts: Readonly<Partial<Record<AlertKind, number>>>;
  readonly corrections: number;
}

export interface SensorSummary {
  /** Null: of no known sensor. */
  readonly sensor: string | null;
  readonly taken: number;
  /** By reason, in order of their names. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Counts one input and what came of it. */
export interface Tally {
  add(input: StreamInput, output: SubjectsOutput<HybridOutput>): void;
  summary(): StreamSummary;
}

/** @param sensors names of the sensors that are listened to */
export function tally(sensors: readonly string[]): Tally {
  const rows = [...sensors, null].map((sensor) => ({ sensor, taken: 0, refused: new Map<string, number>() }));
  const rowOf = new Map(rows.map((row) => [row.sensor, row]));
  const others = rows[sensors.length];
  const alerts = new Map<AlertKind, number>();
  const subjects = new Set<string>();
  let [arrived, corrections] = [0, 0];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  return {
    add(input, output) {
      let refused: string | undefined;
      for (const said of output) {
        if ('refused' in said) refused = said.refused;
        else {
          for (const { kind } of said.out.changes) alerts.set(kind, (alerts.get(kind) ?? 0) + 1);
          corrections += said.out.corrections.length;
          if (said.out.refused !== undefined) refused = said.out.refused;
        }
      }
      if ('clockMs' in input) return;
      arrived++;
      const row = 'event' in input ? (rowOf.get(input.event.sensor) ?? others) : others;
      if (refused !== undefined) row.refused.set(refused, (row.refused.get(refused) ?? 0) + 1);
      else row.taken++;
      if (refused === undefined && 'event' in input) subjects.add(input.event.subject);
      const time = inputTime(input);
      if (refused === 'clock-jump' || !Number.isFinite(time)) return;
      from = Math.min(from, time);
      to = Math.max(to, time);
    },
    summary() {
      const told = rows.filter(({ taken, refused }) => taken > 0 || refused.size > 0);
      const total = rows.reduce((sum, { taken }) => sum + taken, 0);
      return {
        kind: 'stream-summary',
        version: 1,
        arrived,
        taken: total,
        refused: arrived - total,
        sensors: told.map((row) => ({ ...row, refused: Object.fromEntries([...row.refused].sort(byName)) })),
        subjects: subjects.size,
        ...(from <= to && { from: new Date(from).toISOString(), to: new Date(to).toISOString() }),
        alerts: Object.fromEntries(alertKinds.flatMap((kind) => (alerts.has(kind) ? [[kind, alerts.get(kind)]] : []))),
        corrections,
      };
    },
  };
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
