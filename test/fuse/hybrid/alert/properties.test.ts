/** What holds of the alert machine whatever it is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertChange } from '../../../../src/fuse/hybrid/alert/alert.ts';
import { alertsOf } from '../../../../src/fuse/hybrid/alert/bulk.ts';
import { alertMachine } from '../../../../src/fuse/hybrid/alert/machine.ts';
import type { AlertOptions } from '../../../../src/fuse/hybrid/alert/options.ts';

const stepMs = 15_000;
const startMs = 1_700_000_000_000;

/** Stretches of like scores, so that clocks run out; some say nothing. */
const track = fc
  .array(
    fc.record({
      score: fc.oneof(
        { weight: 6, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
        { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
      ),
      ticks: fc.integer({ min: 1, max: 30 }),
      fresh: fc.integer({ min: 0, max: 30 }),
    }),
    { maxLength: 20 },
  )
  .map((stretches) => ({
    score: Float32Array.from(stretches.flatMap(({ score, ticks }) => Array<number>(ticks).fill(score))),
    fresh: Uint8Array.from(
      stretches.flatMap(({ ticks, fresh }) => Array.from({ length: ticks }, (_, k) => (k === fresh ? 1 : 0))),
    ),
  }));

const seconds = fc.constantFrom(0, 15, 60, 100, 300);
const options: fc.Arbitrary<AlertOptions> = fc
  .record({
    raise: fc.double({ min: -2, max: 2, noNaN: true }),
    confirm: fc.double({ min: -2, max: 3, noNaN: true }),
    below: fc.double({ min: 0, max: 2, noNaN: true }),
    out: fc.double({ min: 0, max: 2, noNaN: true }),
    deep: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
    quietSeconds: seconds,
    provisionalSeconds: seconds,
    snoozeSeconds: seconds,
    escalateAfterSeconds: seconds,
    renewSeconds: fc.constantFrom(60, 300, Number.POSITIVE_INFINITY),
    slowSilentSeconds: fc.constantFrom(0, 60, 1200),
  })
  .map(({ below, out, ...rest }) => ({ ...rest, retract: rest.confirm - below, quiet: rest.raise - out }));

/** Nothing is told anew. */
const once = options.map((rules) => ({ ...rules, renewSeconds: Number.POSITIVE_INFINITY }));

function live({ score, fresh }: { score: Float32Array; fresh: Uint8Array }, rules: AlertOptions, cut = -1) {
  const machine = alertMachine(rules);
  let state = machine.init();
  const changes: AlertChange[] = [];
  for (let k = 0; k < score.length; k++) {
    if (k === cut) state = structuredClone(state);
    const decision = { timeMs: startMs + k * stepMs, score: score[k], fresh: fresh[k] === 1 };
    const [next, said] = machine.step(state, decision);
    state = next;
    changes.push(...said);
  }
  return changes;
}

const bulk = ({ score, fresh }: { score: Float32Array; fresh: Uint8Array }, rules: AlertOptions) =>
  alertsOf(score, fresh, startMs, stepMs, rules);

describe('the alert machine', () => {
  it('says over a whole track what it says live, byte for byte', () => {
    fc.assert(
      fc.property(track, options, (night, rules) => {
        expect(JSON.stringify(bulk(night, rules))).toBe(JSON.stringify(live(night, rules)));
      }),
      { numRuns: 500 },
    );
  });

  it('goes on from a copy of its state as though nothing had happened', () => {
    fc.assert(
      fc.property(track, options, fc.integer({ min: 0, max: 300 }), (night, rules, cut) => {
        expect(live(night, rules, cut)).toEqual(live(night, rules));
      }),
    );
  });

  it('tells every alert as one story: begun once, confirmed once, over once or still on, one after the other', () => {
    const story = /^(provisional )?(confirmed )?(escalated )?(retracted |ended )?$/;
    fc.assert(
      fc.property(track, options, (night, rules) => {
        const changes = bulk(night, rules);
        const byAlert = new Map<number, string>();
        changes.forEach(({ alert, kind }, i) => {
          expect(i === 0 ? alert : alert - changes[i - 1].alert).toBeOneOf([0, 1]);
          byAlert.set(alert, `${byAlert.get(alert) ?? ''}${kind} `);
        });
        const stories = [...byAlert.values()];
        stories.forEach((told, alert) => {
          expect(told).toMatch(story);
          expect(told).toMatch(/^provisional|^confirmed/);
          if (told.includes('retracted')) expect(told).not.toMatch(/confirmed|ended/);
          if (told.includes('ended') || told.includes('escalated')) expect(told).toContain('confirmed');
          if (alert < stories.length - 1) expect(told).toMatch(/retracted|ended/);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('tells changes in order of time', () => {
    fc.assert(
      fc.property(track, options, (night, rules) => {
        const times = bulk(night, rules).map(({ timeMs }) => timeMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it('raises exactly where a word reaches the raising score while quiet, but for what is snoozed', () => {
    fc.assert(
      fc.property(track, once, (night, rules) => {
        const changes = bulk(night, rules);
        let isOn = false;
        let snoozedUntil = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < night.score.length; k++) {
          const timeMs = startMs + k * stepMs;
          const here = changes.filter((change) => change.timeMs === timeMs).map(({ kind }) => kind);
          const reaches = night.score[k] >= (rules.raise as number);
          if (!isOn) {
            if (!reaches) expect(here).toEqual([]);
            else if (timeMs >= snoozedUntil) expect(here[0]).toBeOneOf(['provisional', 'confirmed']);
            isOn = here.length > 0;
          }
          if (here.includes('retracted')) snoozedUntil = timeMs + 1000 * (rules.snoozeSeconds as number);
          if (here.includes('retracted') || here.includes('ended')) isOn = false;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says nothing where no score reaches the raising one', () => {
    fc.assert(
      fc.property(track, options, ({ score, fresh }, rules) => {
        const low = score.map((value) => (value >= (rules.raise as number) ? (rules.raise as number) - 0.5 : value));
        expect(bulk({ score: low, fresh }, rules)).toEqual([]);
      }),
    );
  });

  it('ends or takes back nothing while the slow sensor has not been heard for long', () => {
    fc.assert(
      fc.property(track, once, (night, rules) => {
        const silentMs = 1000 * (rules.slowSilentSeconds as number);
        for (const { kind, timeMs } of bulk(night, rules)) {
          if (kind !== 'ended' && kind !== 'retracted') continue;
          const k = (timeMs - startMs) / stepMs;
          const heard = Math.max(0, night.fresh.lastIndexOf(1, k)); // from the start where never
          if (kind === 'ended') expect((k - heard) * stepMs).toBeLessThan(silentMs);
          else expect(heard).toBe(k);
        }
      }),
    );
  });
});
