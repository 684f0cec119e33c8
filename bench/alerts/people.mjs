/**
 * People with type 1 diabetes who wore a CGM and a watch at home: hupa-ucm and t1d-uom of the shared data, night by night.
 *
 * What is read otherwise than it stands there, and why:
 * - hupa-ucm: rows off the 15-minute grid are left out, since they were filled by a line to the *next* reading; and of those on
 *   it what is no whole number, since so were its gaps, for up to two days. That leaves too little of HUPA0009P and HUPA0010P.
 * - t1d-uom: exact repeats are dropped, a second reading of the same minute with another value is kept. Glucose below 2.0
 *   mmol/L stays in the recordings, for the range of the sensor to refuse, but makes no episode.
 * - t1d-uom, 2304: between October and November 2023 the file also holds nearly every reading of 2303 (14,125 of 14,187, same
 *   minute, same value), between its own. Those are dropped: they are of somebody else.
 * - The watch tells means and sums of 5 minutes under the time at which they began; they are known when these are over.
 * - Clocks are local. A night on which they changed (European summer time) is left out: in t1d-uom its hour that comes twice is
 *   stirred together.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const mgPerMmol = 18.0182;
/** 3.9 mmol/L, which t1d-uom takes for 70 mg/dL. */
export const mmolThreshold = 3.9 * mgPerMmol;

/** Sensors of both sets; `everySeconds` of the CGM is the person's. Ranges: what the instrument can show, or a heart can do. */
export const sensorsOf = ({ everySeconds }) => [
  {
    name: 'cgm',
    unit: 'mg/dL',
    scale: 'ratio',
    everySeconds,
    low: 36,
    high: 600,
    mistakenUnit: { unit: 'mmol/L', factor: mgPerMmol },
    latenessSeconds: 3600,
    silentAfterSeconds: everySeconds * 3 + 300,
  },
  {
    name: 'heartRate',
    unit: 'bpm',
    scale: 'ratio',
    everySeconds: 300,
    low: 30,
    high: 220,
    latenessSeconds: 60,
    silentAfterSeconds: 3600,
  },
  {
    name: 'steps',
    unit: 'count',
    scale: 'count',
    everySeconds: 300,
    low: 0,
    high: 2000,
    latenessSeconds: 60,
    silentAfterSeconds: 3600,
  },
];

/** Hours ahead of UTC in winter. */
const zones = { 'hupa-ucm': 1, 't1d-uom': 0 };
export const sets = Object.keys(zones);

/**
 * Everybody of a set: `{ set, subject, everySeconds, zone, cgm, heartRate, steps }`, series as `{ timeMs, value }` by the
 * local clock taken as UTC, in order of time. `asFiled` leaves in what the published events are of: filled gaps of hupa-ucm,
 * readings of 2303 in 2304.
 */
export function peopleIn(folder, set, { asFiled = false } = {}) {
  const people = (set === 'hupa-ucm' ? hupa : uom)(join(folder, set), asFiled);
  return people.map((person) => ({ set, zone: zones[set], ...person }));
}

function hupa(folder, asFiled) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.csv.gz'))
    .sort()
    .map((name) => {
      const columns = columnsOf(join(folder, name));
      return {
        subject: name.slice(0, -'.csv.gz'.length),
        everySeconds: 900,
        cgm: series(columns, 'glucose_mg_dl', {
          keep: (row) =>
            columns.on_15min_grid[row] === '1' && (asFiled || Number.isInteger(Number(columns.glucose_mg_dl[row]))),
        }),
        ...watch(columns),
      };
    });
}

function uom(folder, asFiled) {
  const people = readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .sort()
    .map((subject) => {
      const cgm = distinct(
        series(columnsOf(join(folder, subject, 'cgm.csv.gz')), 'glucose_mmol_l', { factor: mgPerMmol }),
      );
      const worn = watch(columnsOf(join(folder, subject, 'wrist_5min.csv.gz')));
      return { subject, everySeconds: usualGap(cgm.timeMs), cgm, ...worn };
    });
  if (asFiled) return people;
  const other = people.find(({ subject }) => subject === '2303');
  return people.map((person) =>
    person.subject === '2304' && other ? { ...person, cgm: without(person.cgm, other.cgm) } : person,
  );
}

const watch = (columns) => ({
  heartRate: series(columns, 'heart_rate_bpm', { laterMs: 5 * minute }),
  steps: series(columns, 'steps', { laterMs: 5 * minute }),
});

/** Text by column; of a file that is not there, none. */
function columnsOf(path) {
  if (!existsSync(path)) return {};
  const [head, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  const rows = lines.map((line) => line.trim().split(','));
  return Object.fromEntries(
    head
      .trim()
      .split(',')
      .map((name, c) => [name, rows.map((cells) => cells[c])]),
  );
}

function series(columns, name, { factor = 1, laterMs = 0, keep = () => true } = {}) {
  const text = columns[name] ?? [];
  const times = (columns.ts_local ?? []).map((local) => Date.parse(`${local}Z`) + laterMs);
  const rows = times.map((_, row) => row).filter((row) => text[row] !== '' && keep(row));
  rows.sort((a, b) => times[a] - times[b] || a - b);
  return {
    timeMs: Float64Array.from(rows, (row) => times[row]),
    value: Float64Array.from(rows, (row) => Number(text[row]) * factor),
  };
}

const keyOf = ({ timeMs, value }, i) => `${timeMs[i]} ${value[i]}`;

function distinct(one) {
  const seen = new Set();
  return kept(one, (i) => !seen.has(keyOf(one, i)) && seen.add(keyOf(one, i)));
}

function without(one, other) {
  const theirs = new Set(Array.from(other.timeMs, (_, i) => keyOf(other, i)));
  return kept(one, (i) => !theirs.has(keyOf(one, i)));
}

function kept({ timeMs, value }, keep) {
  const places = Int32Array.from(timeMs, (_, i) => i).filter(keep);
  return { timeMs: Float64Array.from(places, (i) => timeMs[i]), value: Float64Array.from(places, (i) => value[i]) };
}

/** Of a CGM: 300 or 900 s, whichever is nearer to most of its gaps. */
function usualGap(timeMs) {
  let five = 0;
  for (let i = 1; i < timeMs.length; i++) five += timeMs[i] - timeMs[i - 1] <= 10 * minute ? 1 : 0;
  let quarter = 0;
  for (let i = 1; i < timeMs.length; i++)
    quarter += Math.abs(timeMs[i] - timeMs[i - 1] - 15 * minute) <= minute ? 1 : 0;
  return quarter > 0.2 * timeMs.length || quarter > five ? 900 : 300;
}

/** Readings of a person that are no fault of the sensor. */
export const soundReadings = ({ cgm }) => kept(cgm, (i) => cgm.value[i] >= 36 && cgm.value[i] <= 600);

/** All episodes of a person below so many mg/dL, by local time. */
export function lowsOf(person, episodesOf, threshold = 70) {
  const { timeMs, value } = soundReadings(person);
  return episodesOf(timeMs, value, { threshold, beyond: 'below', everySeconds: person.everySeconds });
}

/**
 * Nights of a person as recordings, each with its episodes; times are UTC. A night is judged where at least `coverage` of the
 * readings due in its span are there.
 *
 * @param {{ from?: number, to?: number, warmUp?: number, coverage?: number }} [span] hours after midnight of the evening's
 *   date: 22 to 31 is 22:00 to 07:00. `warmUp` in hours before.
 * @returns {{ recording: object, episodes: object[] }[]}
 */
export function nightsOf(person, episodesOf, { from = 22, to = 31, warmUp = 2, coverage = 0.7 } = {}) {
  const { timeMs } = person.cgm;
  if (timeMs.length === 0) return [];
  const lows = lowsOf(person, episodesOf);
  const nights = [];
  for (let date = Math.floor(timeMs[0] / day) * day - day; date <= timeMs[timeMs.length - 1]; date += day) {
    const start = date + from * hour;
    const end = date + to * hour;
    const offset = utcOffset(start - person.zone * hour, person.zone);
    if (
      utcOffset(end + day / 4 - person.zone * hour, person.zone) !==
      utcOffset(start - day / 4 - person.zone * hour, person.zone)
    )
      continue;
    if (covered(person, start, end) < coverage) continue;
    nights.push({
      recording: recordingOf(person, start - warmUp * hour, start, end, offset),
      episodes: lows
        .filter(({ onsetMs, endMs }) => endMs > start - warmUp * hour && onsetMs < end + hour)
        .map((one) => ({ ...one, onsetMs: one.onsetMs - offset, endMs: one.endMs - offset })),
    });
  }
  return nights;
}

/** Share of the spans of one period that hold a reading. */
function covered({ cgm, everySeconds }, start, end) {
  const period = everySeconds * 1000;
  const places = new Set();
  for (let i = firstFrom(cgm.timeMs, start); i < cgm.timeMs.length && cgm.timeMs[i] < end; i++) {
    places.add(Math.floor((cgm.timeMs[i] - start) / period));
  }
  return places.size / Math.round((end - start) / period);
}

function recordingOf(person, first, start, end, offset) {
  const events = ['cgm', 'heartRate', 'steps'].flatMap((name, sensor) => {
    const { timeMs, value } = person[name];
    const own = [];
    for (let i = firstFrom(timeMs, first); i < timeMs.length && timeMs[i] <= end; i++) {
      own.push({ sensor, sequence: own.length, timeMs: timeMs[i] - offset, value: value[i] });
    }
    return own;
  });
  events.sort((a, b) => a.timeMs - b.timeMs || a.sensor - b.sensor || a.sequence - b.sequence);
  const times = Float64Array.from(events, (event) => event.timeMs);
  return {
    id: `${person.subject} ${new Date(start).toISOString().slice(0, 10)}`,
    subject: person.subject,
    startMs: start - offset,
    endMs: end - offset,
    utcOffsetMs: offset,
    sensors: ['cgm', 'heartRate', 'steps'],
    sensor: Uint8Array.from(events, (event) => event.sensor),
    sequence: Int32Array.from(events, (event) => event.sequence),
    timeMs: times,
    arrivedMs: times,
    value: Float32Array.from(events, (event) => event.value),
    quality: new Float32Array(events.length).fill(1),
  };
}

/** The first place at or after a time. */
export function firstFrom(timeMs, time) {
  let low = 0;
  let high = timeMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeMs[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of the local clock, in milliseconds: an hour more from the last Sunday of March to that of October, from 01:00 UTC. */
function utcOffset(utcMs, zone) {
  const year = new Date(utcMs).getUTCFullYear();
  const lastSunday = (month) => {
    const last = new Date(Date.UTC(year, month + 1, 0, 1));
    return last.getTime() - last.getUTCDay() * day;
  };
  return (zone + (utcMs >= lastSunday(2) && utcMs < lastSunday(9) ? 1 : 0)) * hour;
}
