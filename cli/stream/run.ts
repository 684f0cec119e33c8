import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  hybridSubjects,
  InputError,
  memoryBus,
  runStream,
  type StreamInput,
  saidLines,
  tally,
  writeHead,
  writeInput,
} from '../../src/index.ts';
import { exitCodes } from '../exit-codes.ts';
import { refuseInput } from '../inputs.ts';
import { notWritten } from '../not-written.ts';
import { OutputError } from '../output-error.ts';
import { configured } from './configured.ts';
import { hearLog, hearSent } from './feeds.ts';
import { sizeOf } from './log-size.ts';
import { summaryWords } from './summary-words.ts';

export interface RunFlags {
  readonly from?: string;
  readonly speed?: number;
  readonly log?: string;
  readonly queue?: number;
  readonly settled?: boolean;
}

const statusEveryMs = 60_000;

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
  const keep = async (lines: readonly string[]) => {
    try {
      await kept?.appendFile(lines.map((line) => `${line}\n`).join(''));
    } catch (error) {
      throw notWritten(flags.log ?? '', error);
    }
  };
  const options = { stepMs: stream.setup.stepSeconds * 1000, stop: feeding };
  const feed =
    flags.from === undefined
      ? hearSent(source, bus, options)
      : hearLog(source, bus, { ...options, name: flags.from, speed: flags.speed });
  feed.catch(() => undefined); // it is looked at once all is heard
  const status = setInterval(() => {
    const { arrived, refused } = counts.summary();
    process.stderr.write(`${arrived} events, ${refused} refused, ${bus.status().waiting} waiting\n`);
  }, statusEveryMs);
  try {
    await keep([writeHead(json)]);
    const online = hybridSubjects(stream);
    const counted: typeof online = {
      init: online.init,
      step(state, input) {
        const [next, said] = online.step(state, input);
        counts.add(input, said);
        return [next, said];
      },
    };
    const log = { append: (inputs: readonly StreamInput[]) => keep(inputs.map(writeInput)) };
    for await (const said of runStream(bus.batches(), counted, { log })) {
      const words = saidLines(said, { settled: flags.settled === true });
      if (words !== '' && !process.stdout.write(words)) await once(process.stdout, 'drain');
    }
    await feed;
  } finally {
    clearInterval(status);
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
