import { InputError } from '../errors.ts';

/** Follow-up of subjects: until the event, or until a subject was last seen without it (right censoring). */
export interface SurvivalTimes {
  /** Positive. Every score and model here depends on the order or the ratio of times, so any other unit does as well. */
  readonly timeDays: Float64Array; // [subjects]
  /** 1 where the time is that of the event, 0 where the subject was censored then. */
  readonly event: Uint8Array; // [subjects]
}

/** @throws InputError where lengths differ, a time is not a positive number, or an event is neither 0 nor 1 */
export function checkSurvivalTimes(
  { timeDays, event }: { readonly timeDays: ArrayLike<number>; readonly event: ArrayLike<number> },
  where: string,
): void {
  if (timeDays.length !== event.length) {
    throw new InputError({
      where,
      what: 'times and events of different subjects',
      expected: `${timeDays.length} events`,
      got: String(event.length),
    });
  }
  for (let i = 0; i < timeDays.length; i++) {
    if (!(timeDays[i] > 0 && Number.isFinite(timeDays[i]))) {
      throw new InputError({
        where: `${where}: timeDays[${i}]`,
        what: 'not a survival time',
        expected: 'a finite number above 0',
        got: String(timeDays[i]),
      });
    }
    if (event[i] !== 0 && event[i] !== 1) {
      throw new InputError({
        where: `${where}: event[${i}]`,
        what: 'neither event nor censoring',
        expected: '1 or 0',
        got: String(event[i]),
      });
    }
  }
}

/** @throws InputError where a list of the same subjects has another length, or holds what is not a number */
export function checkSubjects(values: ArrayLike<number>, subjects: number, where: string): void {
  if (values.length !== subjects) {
    throw new InputError({
      where,
      what: 'not one value a subject',
      expected: `${subjects} values`,
      got: String(values.length),
    });
  }
  for (let i = 0; i < subjects; i++) {
    if (Number.isNaN(values[i])) {
      throw new InputError({ where: `${where}[${i}]`, what: 'not a number', expected: 'a number', got: 'NaN' });
    }
  }
}

/** Subjects in order of time, earliest first. */
export function orderOfTimes(timeDays: Float64Array): Int32Array {
  const order = new Int32Array(timeDays.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => timeDays[a] - timeDays[b] || a - b);
}

/** How many of the ascending times are at most `timeDays`. */
export function stepsUpTo(timesDays: Float64Array, timeDays: number): number {
  let low = 0;
  let high = timesDays.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesDays[middle] <= timeDays) low = middle + 1;
    else high = middle;
  }
  return low;
}
