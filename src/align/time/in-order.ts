/** Restores the order of measurement of what arrives late, doubled and out of order. */
import type { Sensor } from '../../describe/sensor.ts';
import type { Online } from '../../estimator.ts';
import type { AdmitOptions } from './admit.ts';
import type { Arrival } from './event.ts';
import { type IntakeState, intake } from './intake.ts';
import { type Refusal, refusalOf } from './refusals.ts';

/** That it is so late: nothing came, or the log was read so far. Told now and then, silence stalls nothing. */
export interface ClockTick {
  readonly clockMs: number;
}

export interface Settled {
  readonly sensor: string;
  readonly sequence: number;
  readonly timeMs: number;
  /** In float32. */
  readonly value: number;
  readonly quality: number;
}

export interface OrderedOutput {
  /** In order of time, then of sensors as listed, then of sequence numbers; all after those handed out before. */
  readonly settled: readonly Settled[];
  /** Why the arrival was not taken in. */
  readonly refused?: Refusal;
}

export function isClock(input: Arrival | ClockTick): input is ClockTick {
  return typeof (input as ClockTick)?.clockMs === 'number';
}

/**
 * What comes out does not depend on the order of arrival, as long as no reading comes later than its sensor is waited for:
 * shuffled, doubled and cut into pieces, the same readings give the same bytes.
 */
export function inOrder(
  sensors: readonly Sensor[],
  options: AdmitOptions = {},
): Online<Arrival | ClockTick, IntakeState, OrderedOutput> {
  const taking = intake(sensors, options);
  return {
    init: taking.init,
    step(state, input) {
      const settled: Settled[] = [];
      const nowMs = isClock(input) ? input.clockMs : input?.arrivedMs;
      if (Number.isFinite(nowMs)) {
        taking.clock(state, nowMs, ({ sensor, sequence, timeMs, value, quality }, at) => {
          settled.push({
            sensor: sensors[sensor[at]].name,
            sequence: sequence[at],
            timeMs: timeMs[at],
            value: value[at],
            quality: quality[at],
          });
        });
      }
      if (isClock(input)) return [state, { settled }];
      const refused = refusalOf(taking.arrive(state, input));
      return [state, refused ? { settled, refused } : { settled }];
    },
  };
}
