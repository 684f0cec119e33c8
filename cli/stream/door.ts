/** What the commands of streams use of the library. */
export { InputError } from '../../src/errors.ts';
export { type HybridConfig, hybridFrom, hybridJson, parseHybrid } from '../../src/fuse/hybrid/config.ts';
export { parseFitted } from '../../src/fuse/hybrid/config-fitted.ts';
export { configuredHybrid } from '../../src/fuse/hybrid/config-model.ts';
export type { HybridStream } from '../../src/fuse/hybrid/online.ts';
export { believe, dayMs, newBelieved } from '../../src/stream/believed.ts';
export { pacedClock, systemClock } from '../../src/stream/clocks.ts';
export { hybridSubjects } from '../../src/stream/hybrid-subjects.ts';
export { inputTime, type StreamInput } from '../../src/stream/input.ts';
export { linesOf } from '../../src/stream/lines.ts';
export { readSent, writeHead, writeInput } from '../../src/stream/log-lines.ts';
export { memoryBus } from '../../src/stream/memory-bus.ts';
export { openLog } from '../../src/stream/open-log.ts';
export type { Bus, Clock } from '../../src/stream/ports.ts';
export { markTime, runStream } from '../../src/stream/run.ts';
export { saidLines } from '../../src/stream/said-lines.ts';
export { type StreamSummary, tally } from '../../src/stream/summary.ts';
