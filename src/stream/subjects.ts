/**
 * Many subjects as one: each has a state of its own, made when it is first heard of, and all share one clock. The clock goes
 * by what comes in (arrivals, marks), never by the machine, so that a replay says what the live run said.
 */
import type { Arrival } from '../align/time/event.ts';
import type { Online } from '../estimator.ts';
import { type Believed, believe, dayMs, newBelieved } from './believed.ts';
import { type ClockMark, inputTime, type StreamInput } from './input.ts';

export interface SubjectsOptions<Out> {
  /** At every whole step of the clock each subject is told the time. */
  readonly stepMs: number;
  /** Whether a subject's output says nothing; such outputs are left out. */
  readonly isNothing: (out: Out) => boolean;
  /** Subjects beyond so many are refused. Default: 100,000. */
  readonly mostSubjects?: number;
  /** A subject that has not been heard for so long is told the time no more until it is heard again. Default: one day. */
  readonly restAfterMs?: number;
  /**
   * One that has not been heard for so long is forgotten, and begins anew, alerts numbered from 0. Default: a week. At least
   * `restAfterMs`.
   */
  readonly forgetAfterMs?: number;
  /**
   * The first input this far ahead of the clock is refused: a wrong clock must not make everybody silent at once. The next
   * one that comes within as much of it is believed, and moves the clock. Default: one day.
   */
  readonly jumpMs?: number;
}

/** What a subject's own logic said, in the order in which it was said. */
export interface Said<Out> {
  readonly subject: string;
  /** The clock at that moment, Unix milliseconds. */
  readonly saidMs: number;
  readonly out: Out;
}

/** Refusals before any subject's own logic: `too-many-subjects`, `clock-jump`, `unknown-subject` (of an answer), and what was no event. */
export interface Refused {
  readonly refused: string;
  readonly sensor?: string;
}

export interface SubjectsState<State> {
  readonly subjects: Map<string, Listened<State>>;
  readonly clock: Believed;
  /** The last whole step that was told. */
  toldStep: number;
  /** When anybody was last heard. */
  heardMs: number;
  /** The last whole step at which those to be forgotten were looked for. */
  sweptStep: number;
}

interface Listened<State> {
  state: State;
  heardMs: number;
}

export type SubjectsOutput<Out> = readonly (Said<Out> | Refused)[];

/** What a subject's own logic hears. */
type SubjectInput = Arrival | ClockMark | { readonly answeredMs: number };

export function subjects<State, Out>(
  online: Online<SubjectInput, State, Out>,
  { stepMs, isNothing, mostSubjects = 100_000, restAfterMs = dayMs, ...options }: SubjectsOptions<Out>,
): Online<StreamInput, SubjectsState<State>, SubjectsOutput<Out>> {
  const { forgetAfterMs = 7 * dayMs, jumpMs = dayMs } = options;
  const nothing: SubjectsOutput<Out> = [];

  function tell(subject: string, one: Listened<State>, input: SubjectInput, saidMs: number) {
    const [state, out] = online.step(one.state, input);
    one.state = state;
    return isNothing(out) ? undefined : { subject, saidMs, out };
  }

  /** Every whole step up to that one, to everybody who is awake, in the order in which they were first heard of. */
  function advance(state: SubjectsState<State>, last: number): Said<Out>[] {
    const said: Said<Out>[] = [];
    const lastAwake = Math.min(last, Math.floor((state.heardMs + restAfterMs) / stepMs)); // so that no gap takes long
    for (let step = state.toldStep + 1; step <= lastAwake; step++) {
      const clockMs = step * stepMs;
      for (const [subject, one] of state.subjects) {
        if (clockMs - one.heardMs > restAfterMs) continue;
        const words = tell(subject, one, { clockMs }, clockMs);
        if (words) said.push(words);
      }
    }
    state.toldStep = last;
    return said;
  }

  /** The subject's place, a new one where it was never heard of or is forgotten; undefined where there is no room. */
  function placeOf({ subjects: known, clock, ...state }: SubjectsState<State>, subject: string) {
    const isForgotten = (one: Listened<State>) => clock.nowMs - one.heardMs > forgetAfterMs;
    const one = known.get(subject);
    if (one && !isForgotten(one)) return one;
    if (one) known.delete(subject);
    if (known.size >= mostSubjects && state.toldStep > state.sweptStep) {
      for (const [other, place] of known) if (isForgotten(place)) known.delete(other);
    }
    if (known.size >= mostSubjects) return undefined;
    const made = { state: online.init(), heardMs: Number.NEGATIVE_INFINITY };
    known.set(subject, made);
    return made;
  }

  return {
    init: () => ({
      subjects: new Map(),
      clock: newBelieved(),
      toldStep: Number.NEGATIVE_INFINITY,
      heardMs: Number.NEGATIVE_INFINITY,
      sweptStep: Number.NEGATIVE_INFINITY,
    }),
    step(state, input) {
      if (input === null || typeof input !== 'object') return [state, [{ refused: 'malformed' }]];
      const timeMs = inputTime(input);
      if ('refused' in input && !Number.isFinite(timeMs)) return [state, [{ refused: input.refused }]];
      const sensor = 'event' in input ? { sensor: input.event.sensor } : {};
      const isFirst = state.clock.nowMs === Number.NEGATIVE_INFINITY;
      if (!believe(state.clock, timeMs, jumpMs)) return [state, [{ refused: 'clock-jump', ...sensor }]];
      // What arrives at a whole step is known at that step, so it comes before the step is told; a mark is the step itself.
      const step = 'clockMs' in input ? Math.floor(timeMs / stepMs) : Math.ceil(timeMs / stepMs) - 1;
      if (isFirst) state.toldStep = step;
      let said = step > state.toldStep ? advance(state, step) : nothing;
      if ('refused' in input) return [state, [...said, { refused: input.refused }]];
      if ('clockMs' in input) return [state, said];
      if ('answered' in input) {
        const answering = state.subjects.get(input.answered);
        if (!answering) return [state, [...said, { refused: 'unknown-subject' }]];
        const words = tell(input.answered, answering, { answeredMs: timeMs }, state.clock.nowMs);
        return [state, words ? [...said, words] : said];
      }
      const { subject } = input.event;
      if (typeof subject !== 'string') return [state, [...said, { refused: 'malformed' }]]; // nobody to keep a state for
      const one = placeOf(state, subject);
      if (state.subjects.size >= mostSubjects) state.sweptStep = state.toldStep;
      if (!one) return [state, [...said, { refused: 'too-many-subjects', ...sensor }]];
      one.heardMs = Math.max(one.heardMs, timeMs);
      state.heardMs = Math.max(state.heardMs, timeMs);
      const words = tell(subject, one, input, state.clock.nowMs);
      if (words) said = said.length > 0 ? [...said, words] : [words];
      return [state, said];
    },
  };
}
