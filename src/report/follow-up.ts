/** Times of follow-up as people read them, and Kaplan-Meier curves at such times. */
import type { RiskGroup } from '../evaluate/comparison.ts';

const daysAYear = 365.25;

/** What time is counted in along an axis, and round times for it. */
export interface TimeAxis {
  readonly unit: 'years' | 'days';
  readonly days: number;
  /** In the unit. */
  readonly ticks: readonly number[];
}

/** Years where curves run for two or more, else days; at most six round times after 0. */
export function timeAxis(lastDays: number): TimeAxis {
  const unit = lastDays >= 2 * daysAYear ? 'years' : 'days';
  const days = unit === 'years' ? daysAYear : 1;
  const last = Math.max(lastDays / days, 1);
  const power = 10 ** Math.floor(Math.log10(last / 6));
  const least = unit === 'years' ? 1 : 0;
  const step = Math.max(
    least,
    [1, 2, 5, 10].map((times) => times * power).find((width) => last / width <= 6) as number,
  );
  const ticks = Array.from({ length: Math.floor(last / step) + 1 }, (_, at) => at * step);
  return { unit, days, ticks };
}

export type CurvePoint = RiskGroup['curve'][number];

/**
 * The part of a curve that rests on at least a tenth of its group (Pocock, Clayton and Altman 2002), from (0, 1) on, only
 * where it steps and where it ends.
 */
export function drawn({ n, curve }: RiskGroup): readonly CurvePoint[] {
  const kept = curve.filter(({ atRisk }) => atRisk >= n / 10);
  const steps = kept.filter(
    ({ survival }, at) => at === kept.length - 1 || survival !== (at === 0 ? 1 : kept[at - 1].survival),
  );
  return [{ timeDays: 0, atRisk: n, ...certain }, ...steps];
}

/** Survival at a time with its interval, and how many are still under observation; undefined beyond the curve. */
export function survivalAt({ curve }: RiskGroup, timeDays: number): CurvePoint | undefined {
  const next = curve.find((point) => point.timeDays >= timeDays);
  if (!next) return undefined;
  const { survival, low, high } = curve.filter((point) => point.timeDays <= timeDays).at(-1) ?? certain;
  return { timeDays, atRisk: next.atRisk, survival, low, high };
}

const certain = { survival: 1, low: 1, high: 1 };

/** The time by which half of the group had the event; undefined where the curve does not come so far. */
export function medianDays({ curve }: RiskGroup): number | undefined {
  return curve.find(({ survival }) => survival <= 0.5)?.timeDays;
}
