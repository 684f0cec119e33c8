/** Tracks as a recurrence meets them: one standardized row for each of its moves, with what was so. */
import type { Track } from '../../../align/time/track.ts';
import { type LearnedCompiled, moveUnit, pool } from './model.ts';

/** A track, and where the event that is asked for is on. */
export interface LabelledTrack {
  readonly track: Track;
  readonly label: Uint8Array; // [ticks]
}

/** Goes through the moves of the recurrence whose turn is at ticks `phase`, `phase + poolTicks`, ... */
export interface Walk {
  /** Tick of the next move. */
  tick: number;
  readonly labelled: LabelledTrack;
  readonly ring: Float64Array; // [poolTicks, features]
}

export function startWalk({ width, poolTicks }: LearnedCompiled, labelled: LabelledTrack, phase: number): Walk {
  return { tick: phase, labelled, ring: new Float64Array(poolTicks * width) };
}

/** Puts the row of the next move into the scratch `x`. @returns whether it counts: it is judged, and enough was heard */
export function nextRow(compiled: LearnedCompiled, walk: Walk): boolean {
  const { width, poolTicks, least } = compiled;
  const { track } = walk.labelled;
  const { values, heard, judgedFrom } = track;
  for (let k = 0; k < poolTicks; k++) {
    const from = (walk.tick - k) * width;
    for (let j = 0; j < width; j++) {
      walk.ring[k * width + j] = from >= 0 && heard[from + j] === 1 ? values[from + j] : Number.NaN;
    }
  }
  const count = pool(compiled, walk.ring, 0);
  const counts = walk.tick >= judgedFrom && count >= least;
  walk.tick += poolTicks;
  return counts;
}

/** Moves through what comes before the track is judged. @param h where the units lie in `state` */
export function warmUp(compiled: LearnedCompiled, walk: Walk, state: Float64Array, h: number): void {
  while (walk.tick < walk.labelled.track.judgedFrom) {
    nextRow(compiled, walk);
    moveUnit(compiled, state, h);
  }
}

/** Calls back at each move that counts, with the label and the state, which lies from 0 on. */
export function walkThrough(
  compiled: LearnedCompiled,
  labelled: LabelledTrack,
  phase: number,
  said: (state: Float64Array, label: number) => void,
): void {
  const state = new Float64Array(compiled.units);
  const walk = startWalk(compiled, labelled, phase);
  while (walk.tick < labelled.track.ticks) {
    const { tick } = walk;
    const counts = nextRow(compiled, walk);
    moveUnit(compiled, state, 0);
    if (counts) said(state, labelled.label[tick]);
  }
}

/** Labels of all ticks that count. */
export function countedLabels(compiled: LearnedCompiled, tracks: readonly LabelledTrack[]): Uint8Array {
  const labels: number[] = [];
  for (const labelled of tracks) {
    for (let phase = 0; phase < compiled.poolTicks; phase++) {
      const walk = startWalk(compiled, labelled, phase);
      while (walk.tick < labelled.track.ticks) {
        const { tick } = walk;
        if (nextRow(compiled, walk)) labels.push(labelled.label[tick]);
      }
    }
  }
  return Uint8Array.from(labels);
}
