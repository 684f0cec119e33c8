import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { exitCodes } from '../exit-codes.ts';
import { refuseInput } from '../inputs.ts';
import { notWritten } from '../not-written.ts';
import { OutputError } from '../output-error.ts';
import { configured } from './configured.ts';
import {
  type Bus,
  type Clock,
  hybridSubjects,
  InputError,
  inputTime,
  linesOf,
  markTime,
  memoryBus,
  openLog,
  pacedClock,
  readSent,
  runStream,
  type StreamInput,
  saidLines,
  systemClock,
  tally,
  writeHead,
  writeInput,
} from './door.ts';
import { sizeOf } from './log-size.ts';
import { summaryWords } from './summary-words.ts';

export interface RunFlags {
  readonly from?: string;
  readonly speed?: number;
  readonly log?: string;
  readonly queue?: number;
  readonly settled?: boolean;
}

/** Hears sensors until there is nothing more to hear, or until interrupted; then hears out what waits. */
export async function runLive(path: string, flags: RunFlags): Promise<number> {
  const { stream, config, json, files } = await configured(path);
  if (flags.speed !== undefined && flags.from === undefined) {
    throw new InputError({ where: '--speed', what: 'stdin has its own pace', expected: '--from LOG beside it' });
  }
  if (flags.from !== undefined) await sizeOf(flags.from);
  const kept =
    flags.log === undefined ? undefined : await newLog(flags.log, [...files, ...(flags.from ? [flags.from] : [])]);
  const bus = memoryBus<StreamInput>(flags.queue);
  const stepMs = stream.setup.stepSeconds * 1000;
  const source = flags.from === undefined ? process.stdin : createReadStream(flags.from, { highWaterMark: 1 << 18 });
  const interrupted = new AbortController();
  const interrupt = () => {
    interrupted.abort();
    source.destroy();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const counts = tally(stream.setup.sensors.map(({ name }) => name));
  process.stderr.write(`${config.name}: hearing ${flags.from ?? 'stdin'}; Ctrl-C ends\n`);
  const feeding = new AbortController(); // stops those who feed the bus
  interrupted.signal.addEventListener('abort', () => feeding.abort());
  const keep = async (lines: string) => {
    try {
      await kept?.write(lines);
    } catch (error) {
      throw notWritten(flags.log ?? '', error);
    }
  };
  const feed = (flags.from === undefined ? hearSent : hearLog)(source, bus, stepMs, flags, feeding);
  feed.catch(() => undefined); // it is looked at once all is heard
  try {
    await keep(`${writeHead(json)}\n`);
    const online = hybridSubjects(stream);
    const counted: typeof online = {
      init: online.init,
      step(state, input) {
        const [next, said] = online.step(state, input);
        counts.add(input, said);
        return [next, said];
      },
    };
    const log = {
      append: (inputs: readonly StreamInput[]) =>
        keep(
          inputs
            .map(
              (input) => `${writeInput(input)}
`,
            )
            .join(''),
        ),
    };
    for await (const said of runStream(bus.batches(), counted, { log })) {
      const words = saidLines(said, { settled: flags.settled === true });
      if (words !== '' && !process.stdout.write(words)) await once(process.stdout, 'drain');
    }
    await feed;
  } finally {
    feeding.abort();
    bus.close();
    source.destroy();
    await feed.catch(() => undefined);
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
    await kept?.close();
  }
  process.stderr.write(summaryWords(counts.summary()));
  if (!interrupted.signal.aborted) return exitCodes.ok;
  process.stderr.write('interrupted; what waited was heard out\n');
  return exitCodes.cancelled;
}

type Feed = (
  source: Readable,
  bus: Bus<StreamInput>,
  stepMs: number,
  flags: RunFlags,
  stop: AbortController,
) => Promise<void>;

/** Lines as they come in, and the time. */
const hearSent: Feed = async (source, bus, stepMs, _, stop) => {
  const clock = systemClock();
  await feeding(bus, stop, async () => {
    const marking = markTime(bus, clock, stepMs, stop.signal);
    for await (const lines of linesOf(source)) {
      for (const line of lines) if (line !== '') await send(bus, readSent(line, clock.now()), stop.signal);
      if (stop.signal.aborted) break;
    }
    stop.abort();
    await marking;
  });
};

/** A log at its own pace, or a multiple of it. */
const hearLog: Feed = async (source, bus, stepMs, { from = '', speed = 1 }, stop) => {
  await feeding(bus, stop, async () => {
    const { inputs } = await openLog(source, { name: from });
    let clock: Clock | undefined;
    let marking: Promise<void> | undefined;
    for await (const batch of inputs) {
      for (const input of batch) {
        const time = inputTime(input);
        if (speed > 0 && !clock && Number.isFinite(time)) {
          clock = pacedClock(time, speed);
          marking = markTime(bus, clock, stepMs, stop.signal);
        }
        if (clock && time > clock.now()) await clock.until(time, stop.signal);
        if (stop.signal.aborted) break;
        await send(bus, input, stop.signal);
      }
      if (stop.signal.aborted) break;
    }
    stop.abort();
    await marking;
  });
};

/** Whatever happens to those who feed it, the bus is drained. */
async function feeding(bus: Bus<StreamInput>, stop: AbortController, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!stop.signal.aborted) throw error; // else it was we who closed the source
  } finally {
    stop.abort();
    bus.drain();
  }
}

async function send(bus: Bus<StreamInput>, input: StreamInput, stopped: AbortSignal): Promise<void> {
  while (!bus.offer(input)) {
    if (stopped.aborted) return;
    await bus.room();
  }
}

/** @throws OutputError where the file is there */
async function newLog(path: string, inputs: readonly string[]): Promise<FileHandle> {
  refuseInput(path, inputs);
  try {
    return await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritten(path, error);
    throw new OutputError({ where: path, what: 'is there already', expected: 'the name of a new file', cause: error });
  }
}
