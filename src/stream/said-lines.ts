/** What a stream of hybrid fusions says, as lines of JSON: one a change of an alert, one a correction. */
import type { HybridOutput } from '../fuse/hybrid/online.ts';
import type { SubjectsOutput } from './subjects.ts';

export interface SaidOptions {
  /** Also alerts as all that was measured would have raised them, once nothing can change them: `{"settled":...}`. */
  readonly settled?: boolean;
}

/** Lines with their ends; refusals are counted elsewhere. */
export function saidLines(output: SubjectsOutput<HybridOutput>, { settled = false }: SaidOptions = {}): string {
  let lines = '';
  for (const said of output) {
    if ('refused' in said) continue;
    const { subject, saidMs, out } = said;
    for (const change of out.changes) lines += `${JSON.stringify({ subject, saidMs, ...change })}\n`;
    for (const correction of out.corrections) lines += `${JSON.stringify({ subject, saidMs, correction })}\n`;
    if (settled) for (const change of out.settled) lines += `${JSON.stringify({ subject, saidMs, settled: change })}\n`;
  }
  return lines;
}

/** Whether a subject's fusion has nothing to say at a step. */
export function isNothing({ changes, settled, corrections, refused }: HybridOutput): boolean {
  return changes.length === 0 && settled.length === 0 && corrections.length === 0 && refused === undefined;
}
