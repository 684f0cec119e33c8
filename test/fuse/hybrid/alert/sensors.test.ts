/** Alerts about the sensors: silence, from the start too, and faults. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertChange, Decision } from '../../../../src/fuse/hybrid/alert/alert.ts';
import { type AlertMachineOptions, alertMachine } from '../../../../src/fuse/hybrid/alert/machine.ts';

const never = Number.POSITIVE_INFINITY;
const options: AlertMachineOptions = {
  raise: 0,
  slow: 'cgm',
  sensors: [
    { name: 'heart', silentAfterSeconds: 60 },
    { name: 'cgm', silentAfterSeconds: 1200, flatSeconds: 3600, jumpPerMinute: 10 },
  ],
};

/** Runs decisions every 15 s and gives `alert kind sensor second`. */
function told(
  ticks: number,
  decide: (second: number) => Partial<Decision>,
  changed: Partial<AlertMachineOptions> = {},
) {
  const machine = alertMachine({ ...options, ...changed });
  const state = machine.init();
  const changes: AlertChange[] = [];
  for (let k = 0; k < ticks; k++) {
    const timeMs = k * 15_000;
    const decision = { timeMs, score: -3, fresh: false, staleSeconds: [0, 0], ...decide(k * 15) };
    changes.push(...machine.step(state, decision)[1]);
  }
  return changes.map(({ alert, kind, sensor, timeMs }) => `${alert} ${kind} ${sensor ?? ''} ${timeMs / 1000}`);
}

describe('a silent sensor', () => {
  it('is told once its time is over, and again when it has been heard for long enough', () => {
    const heart = (second: number) => (second < 300 ? 0 : second < 600 ? second - 300 : 0);
    expect(told(100, (second) => ({ staleSeconds: [heart(second), 0] }))).toEqual([
      '0 silent heart 360',
      '0 heard heart 885', // last silent at 585
    ]);
  });

  it('that was never heard is told after the same time from the start', () => {
    expect(told(100, () => ({ staleSeconds: [never, never] }))).toEqual(['0 silent heart 60', '1 silent cgm 1200']);
  });

  it('of which NaN is told counts as never heard', () => {
    expect(told(10, () => ({ staleSeconds: [Number.NaN, 0] }))).toEqual(['0 silent heart 60']);
  });

  it('that comes and goes is one alert', () => {
    // Heard for a minute and a half in every three: silent again and again.
    const flapping = (second: number) => Math.max(0, (second % 180) - 90);
    expect(told(1000, (second) => ({ staleSeconds: [flapping(second), 0] }))).toEqual(['0 silent heart 150']);
  });

  it('does not end the alert that is on, nor does its return', () => {
    const night = told(
      380,
      (second) => ({
        score: second === 0 ? 2 : -5,
        fresh: second === 0 || second === 4500,
        staleSeconds: [0, second < 4500 ? second : second - 4500],
      }),
      { quietSeconds: 1800 },
    );
    expect(night).toEqual(['0 confirmed  0', '0 silent cgm 1200', '0 escalated  1800', '0 heard cgm 4785']);
  });
});

describe('a sensor at fault', () => {
  const readings =
    (value: (second: number) => number) =>
    (second: number): Partial<Decision> =>
      second % 300 === 0
        ? { fresh: true, reading: value(second), staleSeconds: [0, 0] }
        : { staleSeconds: [0, second % 300] };

  it('is told when readings are refused in a row, and cleared when they are taken in again for long enough', () => {
    const refused = (second: number) => (second >= 60 && second < 180 ? (second - 45) / 15 : 0);
    expect(told(60, (second) => ({ refusedInRow: [refused(second), 0] }))).toEqual([
      '0 fault heart 120',
      '0 cleared heart 465', // last refused at 165
    ]);
  });

  it('is not cleared by silence', () => {
    const decide = (second: number): Partial<Decision> => ({
      refusedInRow: [second === 60 ? 9 : 0, 0],
      staleSeconds: [second, 0],
    });
    expect(told(100, decide)).toEqual(['0 silent heart 60', '1 fault heart 60']);
  });

  it('is told when the slow sensor stands still for longer than is plausible', () => {
    const flat = readings((second) => (second < 600 ? 100 + second / 300 : second <= 6000 ? 105 : 106 + second / 300));
    expect(told(480, flat)).toEqual(['0 fault cgm 4200', '0 cleared cgm 6300']);
    expect(told(480, flat, { sensors: options.sensors?.map(({ flatSeconds, ...rest }) => rest) ?? [] })).toEqual([]);
  });

  it('is told when the slow sensor jumps faster than is plausible, by the times at which it measured', () => {
    expect(
      told(
        200,
        readings((second) => (second < 900 ? 100 : 151)),
      ),
    ).toEqual(['0 fault cgm 900', '0 cleared cgm 1200']);
    expect(
      told(
        60,
        readings((second) => (second < 900 ? 100 : 150)),
      ),
    ).toEqual([]);
    const hourAgo = (second: number): Partial<Decision> =>
      second === 0
        ? { fresh: true, reading: 100, readingMs: -3_600_000 }
        : second === 300
          ? { fresh: true, reading: 300 }
          : second === 315
            ? { fresh: true, reading: 20, readingMs: -7_200_000 } // an older one, come late
            : {};
    expect(told(60, hourAgo)).toEqual([]);
  });
});

describe('what is told of sensors', () => {
  it('never floods: silence and hearing alternate, each pair at least the steady time apart', () => {
    const stale = fc.array(
      fc.record({ of: fc.constantFrom(0, 30, 61, never), ticks: fc.integer({ min: 1, max: 40 }) }),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(stale, (stretches) => {
        const at = stretches.flatMap(({ of, ticks }) => Array<number>(ticks).fill(of));
        const changes = told(at.length, (second) => ({ staleSeconds: [at[second / 15], 0] })).map((line) =>
          line.split(' '),
        );
        changes.forEach(([alert, kind, , second], i) => {
          expect([Number(alert), kind]).toEqual([i >> 1, i % 2 === 0 ? 'silent' : 'heard']);
          if (kind === 'heard') expect(Number(second) - Number(changes[i - 1][3])).toBeGreaterThanOrEqual(300);
        });
      }),
    );
  });

  it('survives a copy of the state midway', () => {
    const decide = (k: number): Decision => ({
      timeMs: k * 15_000,
      score: Math.sin(k / 9),
      fresh: k % 20 === 0,
      reading: 100 + (k % 7) * 20,
      staleSeconds: [k % 11 === 0 ? 61 : 0, (k % 20) * 15],
      refusedInRow: [0, k % 50 === 3 ? 5 : 0],
    });
    const run = (cut: number) => {
      const machine = alertMachine(options);
      let state = machine.init();
      return Array.from({ length: 400 }, (_, k) => {
        if (k === cut) state = structuredClone(state);
        return machine.step(state, decide(k))[1];
      }).flat();
    };
    expect(new Set(run(-1).map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(5);
    for (const cut of [0, 1, 57, 200, 399]) expect(run(cut)).toEqual(run(-1));
  });

  it('takes a few hundred bytes of state', () => {
    const names = ['heart', 'motion', 'cgm'];
    const sensors = names.map((name) => ({ name, silentAfterSeconds: 60 }));
    expect(alertMachine({ raise: 0, sensors }).init().byteLength).toBeLessThan(300);
  });

  it('needs to know how stale each watched sensor is', () => {
    const machine = alertMachine(options);
    expect(() => machine.step(machine.init(), { timeMs: 0, score: 0, fresh: false, staleSeconds: [0] })).toThrow(
      'alerts: decision: cgm: staleness not told, expected staleSeconds, a number for each watched sensor',
    );
  });

  it.each([
    [{ slow: 'cmg' }, 'alerts: slow: no such sensor, expected heart, cgm, got cmg'],
    [{ steadySeconds: -1 }, 'alerts: steadySeconds: unusable, expected a number of at least 0, got -1'],
    [{ sensors: [{ name: 'a', silentAfterSeconds: 0 }] }, 'alerts: sensors: a: silentAfterSeconds: unusable'],
    [
      { sensors: [{ name: 'a', silentAfter: 1 }] },
      'alerts: sensors: unknown option "silentAfter", expected one of name',
    ],
    [
      { sensors: [...(options.sensors ?? []), { name: 'cgm', silentAfterSeconds: 1 }] },
      'alerts: sensors: a sensor twice, got cgm',
    ],
  ])('refuses %j', (changed, message) => {
    expect(() => alertMachine({ ...options, ...changed } as AlertMachineOptions)).toThrow(message);
  });
});
