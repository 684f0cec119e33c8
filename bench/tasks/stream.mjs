/**
 * `stream [--subjects N] [--seconds N]`: beats, motion and CGM of many subjects through their hybrids, in one process on one
 * core: events a second, how long a decision takes, and bytes of state a subject. Writes bench/results/stream.json.
 *
 * Events are made before the clock starts. A step that makes a decision is one that passes a tick; its time is that of the
 * whole step: order restored, features, belief, alerts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { configuredHybrid, hybridOnline, parseHybrid } from 'consilience';
import { quiet } from '../measure.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const config = join(root, 'examples/nocturnal-hypoglycemia.yaml');
const startMs = Date.UTC(2026, 0, 1, 22);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc'); // memory is only told once what is not held is gone

export async function run(args) {
  const options = { subjects: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '90' } };
  const { values } = parseArgs({ args, options });
  if (![values.subjects, values.seconds].every((text) => /^[1-9]\d*$/.test(text))) {
    process.stderr.write(`stream: expected --subjects N --seconds N, got ${args.join(' ')}\n`);
    return 2;
  }
  const many = Number(values.subjects);
  const online = hybridOnline(configuredHybrid(parseHybrid(readFileSync(config, 'utf8'), config)));
  await quiet();
  const runs = [0, 1, 2].map(() => measured(online, many, Number(values.seconds)));
  const best = runs.reduce((a, b) => (a.perSecond > b.perSecond ? a : b));
  const found = {
    subjects: many,
    ...best,
    memoryBytes: runs[0].memoryBytes, // later ones find what earlier ones left
    allPerSecond: runs.map(({ perSecond }) => perSecond),
    stateBytes: stateBytes(online),
    processor: cpus()[0].model,
    node: process.version,
  };
  const rows = [
    ['events a second, one core', found.perSecond.toFixed(0), '≥ 500000'],
    ['decision, median µs', (1000 * found.decisionMs.p50).toFixed(1), ''],
    ['decision, p99 µs', (1000 * found.decisionMs.p99).toFixed(1), '< 1000'],
    ['decision, longest µs', (1000 * found.decisionMs.max).toFixed(0), ''],
    ['state, bytes a subject', `${found.stateBytes}`, '≤ 2048'],
    ['memory, bytes a subject', found.memoryBytes.toFixed(0), ''],
  ];
  process.stdout.write(`${table(['what', 'measured', 'aim'], rows)}\n`);
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, 'bench/results/stream.json'), `${JSON.stringify(found, null, 2)}\n`);
  return 0;
}

/** Subjects are heard in turn, second by second, each of three sensors. */
function measured(online, many, seconds) {
  const before = heldBytes();
  const states = Array.from({ length: many }, () => online.init());
  const warm = 20;
  let events = 0;
  let took = 0;
  const decisions = [];
  for (let second = 0; second < warm + seconds; second++) {
    const arrivals = arrivalsOf(second, many);
    const started = performance.now();
    // The clock of a decision is read in one second of three, so that reading it costs the others nothing.
    if (second % 3 === 0) timed(online, states, arrivals, decisions);
    else for (const { subject, arrival } of arrivals) states[subject] = online.step(states[subject], arrival)[0];
    if (second < warm) {
      decisions.length = 0;
      continue;
    }
    if (second % 3 === 0) continue;
    took += performance.now() - started;
    events += arrivals.length;
  }
  const held = heldBytes() - before;
  const memoryBytes = held / states.filter((state) => state.ticker).length; // so they are still held
  decisions.sort((a, b) => a - b);
  const at = (share) => decisions[Math.min(decisions.length - 1, Math.floor(share * decisions.length))];
  return {
    events,
    perSecond: (1000 * events) / took,
    decisionMs: { count: decisions.length, p50: at(0.5), p99: at(0.99), max: at(1) },
    memoryBytes,
  };
}

function timed(online, states, arrivals, decisions) {
  for (const { subject, arrival } of arrivals) {
    const state = states[subject];
    const tick = state.tickMs;
    const started = performance.now();
    states[subject] = online.step(state, arrival)[0];
    if (states[subject].tickMs !== tick) decisions.push(performance.now() - started);
  }
}

function arrivalsOf(second, many) {
  const out = [];
  for (let subject = 0; subject < many; subject++) {
    const noise = ((subject * 7919 + second * 104729) % 1000) / 1000 - 0.5;
    const timeMs = startMs + second * 1000 + (subject % 1000);
    const add = (sensor, sequence, value) =>
      out.push({
        subject,
        arrival: {
          event: { stream: 'watch', subject: `p${subject}`, sensor, sequence, timeMs, value, quality: 1 },
          arrivedMs: timeMs + 300,
        },
      });
    add('interbeat', second, 1000 + 100 * noise);
    add('motion', second, 10 + 5 * noise);
    if ((second + subject) % 300 === 0) add('cgm', Math.floor((second + subject) / 300), 110 + 40 * noise);
  }
  return out;
}

/** The most numbers that a subject's state ever held, as a checkpoint would write them. */
function stateBytes(online) {
  let state = online.init();
  let most = 0;
  for (let second = 0; second < 3600; second++) {
    for (const { arrival } of arrivalsOf(second, 1)) state = online.step(state, arrival)[0];
    if (second % 7 === 0) most = Math.max(most, numbersIn(state));
  }
  return most;
}

function numbersIn(value) {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'number') return 8;
  return value && typeof value === 'object' ? Object.values(value).reduce((sum, one) => sum + numbersIn(one), 0) : 0;
}

function heldBytes() {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
