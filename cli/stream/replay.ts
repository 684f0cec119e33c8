import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import {
  configuredHybrid,
  type HybridConfig,
  type HybridStream,
  hybridFrom,
  hybridSubjects,
  InputError,
  openLog,
  saidLines,
  tally,
} from '../../src/index.ts';
import { goOn, interruptible } from '../image/interruption.ts';
import { refuseInput } from '../inputs.ts';
import { notWritten } from '../not-written.ts';
import { OutputError } from '../output-error.ts';
import { progressBar } from '../progress.ts';
import { replaceFile } from '../replace-file.ts';
import { configured } from './configured.ts';
import { sizeOf } from './log-size.ts';
import { summaryWords } from './summary-words.ts';

export interface ReplayFlags {
  readonly config?: string;
  readonly out?: string;
  readonly settled?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
}

/** Hears a log again, and tells what was said and what became of every event. */
export async function replay(log: string, flags: ReplayFlags): Promise<number> {
  return interruptible(async (signal) => {
    const given = flags.config === undefined ? undefined : await configured(flags.config);
    const size = await sizeOf(log);
    if (flags.out !== undefined) checkOut(flags.out, [log, ...(given?.files ?? [])], flags.force === true);
    const bar = progressBar('replay');
    let bytes = 0;
    async function* pieces() {
      for await (const piece of createReadStream(log, { highWaterMark: 1 << 18 })) {
        await goOn(signal, 'stream replay');
        bytes += (piece as Uint8Array).length;
        bar.update(bytes, Math.max(size, bytes));
        yield piece as Uint8Array;
      }
    }
    try {
      const { head, inputs } = await openLog(pieces(), { name: log });
      if (!given && !head) {
        const expected = '--config FILE, or a log that stream run wrote';
        throw new InputError({ where: log, what: 'says no configuration', expected });
      }
      const stream = given?.stream ?? streamOf(hybridFrom(head?.config, `${log}:1`), log);
      const online = hybridSubjects(stream);
      const counts = tally(stream.setup.sensors.map(({ name }) => name));
      const lines: string[] = [];
      const begun = performance.now();
      let state = online.init();
      for await (const batch of inputs) {
        for (const input of batch) {
          const [next, said] = online.step(state, input);
          state = next;
          counts.add(input, said);
          if (said.length === 0) continue;
          const words = saidLines(said, { settled: flags.settled === true });
          if (words !== '') lines.push(words);
        }
      }
      bar.stop();
      const summary = counts.summary();
      if (flags.out !== undefined) await replaceFile(flags.out, lines.join(''));
      const seconds = (performance.now() - begun) / 1000;
      process.stdout.write(flags.json ? `${JSON.stringify(summary, null, 1)}\n` : summaryWords(summary));
      const rate = Math.round(summary.arrived / Math.max(seconds, 1e-3)).toLocaleString('en-US');
      process.stderr.write(`${rate} events/s${flags.out === undefined ? '' : `; wrote ${flags.out}`}\n`);
      return 0;
    } finally {
      bar.stop();
    }
  });
}

/** The fusion that a log says it was written with. */
function streamOf(config: HybridConfig, log: string): HybridStream {
  if (config.fitted === undefined) return configuredHybrid(config);
  const what = `was written with a fitted strategy, ${config.fitted}`;
  throw new InputError({ where: log, what, expected: '--config FILE that names it' });
}

/** A file that is there is replaced where it was written so before. */
function checkOut(out: string, inputs: readonly string[], isForced: boolean): void {
  refuseInput(out, inputs);
  const there = statSync(out, { throwIfNoEntry: false });
  if (there?.isDirectory()) {
    throw new OutputError({ where: out, what: 'is a folder', expected: 'the name of a file' });
  }
  if (isForced || !there?.isFile()) return;
  if (/^(\{"subject":|$)/.test(topOf(out))) return;
  throw new OutputError({
    where: out,
    what: 'holds something other than changes of alerts',
    expected: 'another name, or --force',
  });
}

/** The first bytes, however long the file is. */
function topOf(path: string): string {
  const top = new Uint8Array(11);
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return new TextDecoder().decode(top.subarray(0, readSync(file, top)));
  } catch (error) {
    throw notWritten(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
