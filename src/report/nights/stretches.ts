import type { AlertChange } from '../../fuse/hybrid/alert/alert.ts';

/** A stretch of time in which an alert stood. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** `retracted`: provisional, and then taken back. */
  readonly state: 'provisional' | 'confirmed' | 'retracted';
}

/** Changes of alerts as stretches; an alert that is still on lasts until `endMs`. */
export function stretches(changes: readonly AlertChange[], endMs: number): Stretch[] {
  const out: Stretch[] = [];
  let from: number | undefined;
  let state: 'provisional' | 'confirmed' = 'provisional';
  const close = (toMs: number, as: Stretch['state'] = state) => {
    if (from !== undefined && (toMs > from || as !== 'provisional')) out.push({ fromMs: from, toMs, state: as });
    from = undefined;
  };
  for (const { kind, timeMs } of changes) {
    if (kind === 'provisional' || kind === 'confirmed') {
      close(timeMs);
      from = timeMs;
      state = kind;
    } else if (kind === 'retracted') close(timeMs, 'retracted');
    else if (kind === 'ended') close(timeMs);
  }
  close(endMs);
  return out;
}
