import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  readonly update: (done: number, total: number) => void;
  readonly note: (text: string) => void;
  readonly stop: () => void;
}

/** Progress on stderr: a bar with the time left on a terminal, a line every tenth of the work elsewhere. */
export function progressBar(title: string): Progress {
  const tty = process.stderr.isTTY === true;
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage} % · {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 20,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  let tenth = 0;
  let stopped = false;
  return {
    update(done, total) {
      if (stopped) return;
      if (!tty) {
        const now = Math.floor((10 * done) / Math.max(1, total));
        if (now > tenth && now < 10) process.stderr.write(`${title}: ${now * 10} %\n`);
        tenth = Math.max(tenth, now);
        return;
      }
      if (!started) bar.start(total, done);
      else bar.update(done);
      started = true;
    },
    note(text) {
      process.stderr.write(`${text}\n`);
    },
    stop() {
      stopped = true;
      if (started) bar.stop();
      started = false;
    },
  };
}
