import { InputError } from '../errors.ts';
import type { Clock } from './ports.ts';

/**
 * The clock of the machine. Where that is set back this one runs on from where it was, so that time never stands still: what
 * is then measured comes late, and sensors that are heard no more are told to be silent.
 */
export function systemClock(): Clock {
  let [toldMs, toldAt] = [Number.NEGATIVE_INFINITY, performance.now()];
  const now = () => {
    const at = performance.now();
    toldMs = Math.max(Date.now(), toldMs + at - toldAt);
    toldAt = at;
    return Math.floor(toldMs);
  };
  return runningClock(now, 1);
}

/**
 * A clock that begins at a time of one's own and runs `speed` times as fast as the machine's; for going through a log of the
 * past at a pace that can be watched.
 */
export function pacedClock(startMs: number, speed: number): Clock {
  if (!(speed > 0) || !Number.isFinite(speed) || !Number.isFinite(startMs)) {
    const expected = 'a time and a speed above 0';
    throw new InputError({ where: 'pacedClock', what: 'unusable pace', expected, got: `${startMs}, ${speed}` });
  }
  const begun = performance.now();
  return runningClock(() => startMs + (performance.now() - begun) * speed, speed);
}

const longestTimerMs = 2 ** 31 - 1; // longer ones go off at once

function runningClock(now: () => number, speed: number): Clock {
  return {
    now,
    async until(timeMs, stopped) {
      while (!stopped?.aborted) {
        const waitMs = (timeMs - now()) / speed;
        if (!(waitMs > 0)) return;
        await timer(Math.min(Math.ceil(waitMs), longestTimerMs), stopped);
      }
    },
  };
}

function timer(ms: number, stopped: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(running);
      stopped?.removeEventListener('abort', end);
      resolve();
    };
    const running = setTimeout(end, ms);
    stopped?.addEventListener('abort', end);
  });
}

/** A clock that stands until it is set: for tests, and for going through a log as fast as can be. */
export function steppedClock(startMs: number): Clock & { set(timeMs: number): void } {
  let now = startMs;
  let sleepers: { readonly timeMs: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    set(timeMs) {
      now = Math.max(now, timeMs);
      const due = sleepers.filter((sleeper) => sleeper.timeMs <= now).sort((a, b) => a.timeMs - b.timeMs);
      sleepers = sleepers.filter((sleeper) => sleeper.timeMs > now);
      for (const { wake } of due) wake();
    },
    until(timeMs, stopped) {
      if (timeMs <= now || stopped?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          stopped?.removeEventListener('abort', wake);
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        };
        const sleeper = { timeMs, wake };
        sleepers.push(sleeper);
        stopped?.addEventListener('abort', wake);
      });
    },
  };
}
