import type { Online } from '../estimator.ts';
import { type HybridOutput, type HybridState, type HybridStream, hybridOnline } from '../fuse/hybrid/online.ts';
import type { StreamInput } from './input.ts';
import { isNothing } from './said-lines.ts';
import { type SubjectsOptions, type SubjectsOutput, type SubjectsState, subjects } from './subjects.ts';

/** A hybrid fusion for everybody who sends. */
export function hybridSubjects(
  stream: HybridStream,
  options: Omit<SubjectsOptions<HybridOutput>, 'stepMs' | 'isNothing'> = {},
): Online<StreamInput, SubjectsState<HybridState>, SubjectsOutput<HybridOutput>> {
  const stepMs = stream.setup.stepSeconds * 1000;
  return subjects(hybridOnline(stream), { ...options, stepMs, isNothing });
}
