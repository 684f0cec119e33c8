import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeEvent } from '../../src/align/time/parse-event.ts';
import { type Random, random } from '../../src/array/random.ts';
import { hybridJson, parseHybrid } from '../../src/fuse/hybrid/config/config.ts';
import { configuredHybrid } from '../../src/fuse/hybrid/config/model.ts';
import { steppedClock } from '../../src/stream/clocks.ts';
import { hybridSubjects } from '../../src/stream/hybrid-subjects.ts';
import type { StreamInput } from '../../src/stream/input.ts';
import { readSent, writeHead, writeInput } from '../../src/stream/log-lines.ts';
import { memoryBus } from '../../src/stream/memory-bus.ts';
import { memoryLog } from '../../src/stream/memory-log.ts';
import { openLog } from '../../src/stream/open-log.ts';
import { markTime, runStream } from '../../src/stream/run.ts';
import { saidLines } from '../../src/stream/said-lines.ts';
import { read } from '../structure/sources.ts';
import { scene } from './fall-world.ts';

const path = 'examples/fall-detection.yaml';
const online = hybridSubjects(configuredHybrid(parseHybrid(read(path), path)));

/** Lines as a bad link delivers them, each with the time at which it comes. */
function delivered(draw: Random): { readonly atMs: number; readonly line: string }[] {
  const seeds = [1, 2, 3].map(() => 1 + draw.integer(1000));
  const arrivals = seeds.flatMap((seed, i) =>
    scene({ seed, seconds: 100, ...(i < 2 && { fallAt: 40 + draw.integer(40) }) }),
  );
  const lines = arrivals.flatMap((arrival) => {
    const line = writeEvent(arrival);
    const delay = () => (draw.uniform() < 0.1 ? 8000 * draw.uniform() : 100 * draw.uniform());
    const times = draw.uniform() < 0.05 ? 2 : 1; // some come twice
    if (draw.uniform() < 0.01) return []; // and some never
    return Array.from({ length: times }, () => ({ atMs: Math.round(arrival.arrivedMs + delay()), line }));
  });
  const broken = lines.map(({ atMs, line }) => ({ atMs, line: line.slice(draw.integer(line.length)) }));
  return [...lines, ...broken.filter(() => draw.uniform() < 0.02)].sort((a, b) => a.atMs - b.atMs);
}

/** Heard live, by a clock that marks the time; what was said, and the log. */
async function live(seed: number) {
  const draw = random(seed);
  const lines = delivered(draw);
  const clock = steppedClock(lines[0].atMs);
  const bus = memoryBus<StreamInput>(1 + draw.integer(50));
  const log = memoryLog<StreamInput>();
  const stopped = new AbortController();
  const marking = markTime(bus, clock, 1000, stopped.signal);
  const feed = async () => {
    for (const { atMs, line } of lines) {
      clock.set(atMs);
      if (draw.uniform() < 0.3) await new Promise((go) => setImmediate(go));
      while (!bus.offer(readSent(line, clock.now()))) await bus.room();
    }
    stopped.abort();
    await marking;
    bus.drain();
  };
  const fed = feed();
  let said = '';
  for await (const some of runStream(bus.batches(), online, { log })) said += saidLines(some, { settled: true });
  await fed;
  return { said, log: log.entries };
}

async function replayed(log: readonly StreamInput[], draw: Random) {
  const text = [writeHead(hybridJson(read(path), path)), ...log.map(writeInput)].join('\n');
  const bytes = new TextEncoder().encode(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + draw.integer(20_000);
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  const { inputs } = await openLog(pieces(), { name: 'log' });
  let said = '';
  for await (const some of runStream(inputs, online)) said += saidLines(some, { settled: true });
  return said;
}

describe('a replay of its log', () => {
  it('says what the live run said, byte for byte, however bad the link and however the log is cut', async () => {
    let raised = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), async (seed) => {
        const { said, log } = await live(seed);
        raised += said.split('"provisional"').length - 1;
        expect(log.some((input) => 'clockMs' in input)).toBe(true);
        expect(await replayed(log, random(seed + 1))).toBe(said);
      }),
      { numRuns: 12 },
    );
    expect(raised).toBeGreaterThan(5);
  });
});
