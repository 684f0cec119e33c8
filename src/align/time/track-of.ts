/** A whole recording as a fusion sees it. */
import { InputError } from '../../errors.ts';
import type { AdmitOptions } from './admit.ts';
import type { Recording } from './recording.ts';
import { count, readCounts, type SensorCount, taken, verdictOf } from './refusals.ts';
import type { Setup } from './setup.ts';
import { type OnTick, ticker } from './ticks.ts';
import type { Readings, Track } from './track.ts';

export interface TrackOptions extends AdmitOptions {
  /** Ticks begin so long before the stretch that is judged. Default: two hours. */
  readonly warmUpSeconds?: number;
}

/** A track, and what became of the recording's rows. */
export interface RecordedTrack extends Track {
  readonly counts: readonly SensorCount[];
}

/**
 * Takes a recording's rows in as they arrived, as a live stream would have been: the very same steps, so the same bytes.
 * Ticks run from before the judged stretch to before its end; rows that arrive after the last tick are not looked at.
 *
 * @throws InputError for a setup that cannot be meant, and a warm-up that is not a number of ticks
 */
export function trackOf(
  recording: Recording,
  setup: Setup,
  { warmUpSeconds = 7200, ...options }: TrackOptions = {},
): RecordedTrack {
  const machine = ticker(setup, options);
  const stepMs = setup.stepSeconds * 1000;
  const judgedFrom = Math.ceil(warmUpSeconds / setup.stepSeconds);
  if (!(judgedFrom >= 0 && judgedFrom <= 1e6)) {
    const got = `${warmUpSeconds}`;
    throw new InputError({
      where: 'trackOf: warmUpSeconds',
      what: 'not a time',
      expected: '0 to a million ticks',
      got,
    });
  }
  const startMs = recording.startMs - judgedFrom * stepMs;
  const ticks = Math.ceil((recording.endMs - startMs) / stepMs);
  const width = machine.features.length;
  const values = new Float32Array(ticks * width); // [ticks, features]
  const heard = new Uint8Array(ticks * width); // [ticks, features]
  let told = 0;
  const onTick: OnTick = (_, now, there) => {
    if (told >= ticks) return;
    for (let at = 0; at < width; at++) {
      values[told * width + at] = now[at];
      heard[told * width + at] = there[at];
    }
    told++;
  };

  const state = machine.init(startMs, recording.utcOffsetMs);
  const { counts, clockMs } = state.intake.admit;
  const names = setup.sensors.map(({ name }) => name);
  const indexOf = Int32Array.from(recording.sensors, (name) => names.indexOf(name));
  const lastMs = startMs + (ticks - 1) * stepMs;
  const { sensor, sequence, timeMs, arrivedMs, value, quality } = recording;
  const readings: number[] = []; // rows of the slow sensor
  const knownMs: number[] = [];
  for (let row = 0; row < sensor.length && !(arrivedMs[row] > lastMs); row++) {
    const from = indexOf[sensor[row]];
    if (from < 0) {
      count(counts, names.length, verdictOf('unknown-sensor'));
      continue;
    }
    if (Number.isNaN(arrivedMs[row])) {
      count(counts, from, verdictOf('not-a-number'));
      continue;
    }
    const verdict = machine.row(
      state,
      from,
      sequence[row],
      timeMs[row],
      arrivedMs[row],
      value[row],
      quality[row],
      onTick,
    );
    if (from !== machine.slow || verdict !== taken) continue;
    readings.push(row);
    knownMs.push(clockMs[0]);
  }
  machine.advance(state, lastMs, true, onTick);
  return {
    id: recording.id,
    subject: recording.subject,
    startMs,
    stepMs,
    ticks,
    utcOffsetMs: recording.utcOffsetMs,
    judgedFrom,
    features: machine.features,
    values,
    heard,
    readings: readingsOf(recording, readings, knownMs),
    counts: readCounts(counts, names),
  };
}

function readingsOf({ timeMs, value, quality }: Recording, rows: readonly number[], knownMs: number[]): Readings {
  return {
    timeMs: Float64Array.from(rows, (row) => timeMs[row]),
    knownMs: Float64Array.from(knownMs),
    value: Float64Array.from(rows, (row) => value[row]),
    quality: Float32Array.from(rows, (row) => quality[row]),
  };
}
