/** The rules of the alert machine, one night time line each. A tick every 15 s, a reading of the slow sensor where `*` stands. */
import { describe, expect, it } from 'vitest';
import type { AlertChange } from '../../../../src/fuse/hybrid/alert/alert.ts';
import { alertsOf } from '../../../../src/fuse/hybrid/alert/bulk.ts';
import { alertMachine } from '../../../../src/fuse/hybrid/alert/machine.ts';
import { type AlertOptions, alertRules } from '../../../../src/fuse/hybrid/alert/options.ts';

const stepMs = 15_000;
const rules: AlertOptions = { raise: 0, confirm: 1, retract: -1, quiet: -2 };

/** Scores by tick, `*` after one with a fresh reading, `-` for nothing new to say, `x20` for the last again so often. */
function line(text: string): { score: Float32Array; fresh: Uint8Array } {
  const score: number[] = [];
  const fresh: number[] = [];
  for (const word of text.trim().split(/\s+/)) {
    if (word.startsWith('x')) {
      const again = score[score.length - 1];
      for (let i = 0; i < Number(word.slice(1)); i++) {
        score.push(again);
        fresh.push(0);
      }
      continue;
    }
    score.push(
      word.startsWith('-') && word.length <= 2 && word.replace('*', '') === '-' ? Number.NaN : Number.parseFloat(word),
    );
    fresh.push(word.endsWith('*') ? 1 : 0);
  }
  return { score: Float32Array.from(score), fresh: Uint8Array.from(fresh) };
}

function told(text: string, options: Partial<AlertOptions> = {}): string[] {
  const { score, fresh } = line(text);
  return words(alertsOf(score, fresh, 0, stepMs, { ...rules, ...options }));
}

const words = (changes: readonly AlertChange[]) =>
  changes.map(({ alert, kind, timeMs }) => `${alert} ${kind} ${timeMs / stepMs}`);

describe('an alert', () => {
  it('is raised at once by the fast sensors and confirmed by the next fresh reading', () => {
    expect(told('-3* x4 0.5 x6 2* 2')).toEqual(['0 provisional 5', '0 confirmed 12']);
  });

  it('is taken back when the next fresh reading says otherwise, not before', () => {
    expect(told('-3* x4 0.5 -5 x6 -5* -5')).toEqual(['0 provisional 5', '0 retracted 13']);
  });

  it('is confirmed from its first moment where a fresh reading raises it', () => {
    expect(told('-3* x19 2*')).toEqual(['0 confirmed 20']);
  });

  it('raised by a reading that does not suffice to confirm is judged by the next, not by the same', () => {
    expect(told('-3* 0.5* x19 -1.5*')).toEqual(['0 provisional 1', '0 retracted 21']);
    expect(told('-3* 0.5* x19 0.5*', { retract: 0.6 })).toEqual(['0 provisional 1', '0 retracted 21']);
  });

  it('stays provisional between the two scores and is confirmed, not dropped, after its time', () => {
    expect(told('-3* 0.5 x18 0* x19 0* x19 0* x19')).toEqual(['0 provisional 1', '0 confirmed 61']);
  });

  it('that hears no reading at all is confirmed after its time, though the fast sensors have calmed down', () => {
    expect(told('-3* 0.5 -5 x80')).toEqual(['0 provisional 1', '0 confirmed 61']);
  });

  it('ends when the score has been low for long enough, and a short dip does not count', () => {
    const dip = '2* -3 x30 -1 -3 x38'; // 465 s and 570 s below, of the 600 s that it takes
    expect(told(`${dip} -1`)).toEqual(['0 confirmed 0']);
    expect(told(`${dip} -3 x4`)).toEqual(['0 confirmed 0', '0 ended 73']);
  });

  it('keeps its last word where there is nothing new to say, and clocks run on it', () => {
    expect(told('2* - - -3* - - - -', { quietSeconds: 60 })).toEqual(['0 confirmed 0', '0 ended 7']);
  });

  it('is not raised a second time by a word that only stands', () => {
    const { score, fresh } = line('0.5 -5* - - - - - -');
    score[1] = Number.NaN; // the reading has no word in it: it confirms and takes back nothing
    expect(words(alertsOf(score, fresh, 0, stepMs, rules))).toEqual(['0 provisional 0']);
    expect(told('0.5 0.2* - - - - - -', { retract: 0.3, snoozeSeconds: 0 })).toEqual([
      '0 provisional 0',
      '0 retracted 1',
    ]);
  });

  it('does not end while the slow sensor is silent', () => {
    expect(told('2* -3 x400')).toEqual(['0 confirmed 0', '0 ended 41']);
    expect(told('2* -3 x400', { quietSeconds: 1500 })).toEqual(['0 confirmed 0', '0 escalated 120']);
    expect(told('2* x90 -3 x200 -3* x60')).toEqual(['0 confirmed 0', '0 escalated 120', '0 ended 332']);
  });
});

describe('after an alert was taken back', () => {
  const back = '-3* 0.5 x18 -5*'; // provisional 1, retracted 20, snoozed until tick 80

  it('the same does not raise again while it is snoozed, and does afterwards', () => {
    expect(told(`${back} 0.5 x58`)).toEqual(['0 provisional 1', '0 retracted 20']);
    expect(told(`${back} 0.5 x58 0.5`)).toEqual(['0 provisional 1', '0 retracted 20', '1 provisional 80']);
  });

  it('a score that exceeds it by the margin raises at once', () => {
    expect(told(`${back} 1.1 1.3`)).toEqual(['0 provisional 1', '0 retracted 20', '1 provisional 22']);
  });

  it('a real event is raised by the reading that shows it', () => {
    expect(told(`${back} 0.5 x18 1*`)).toEqual(['0 provisional 1', '0 retracted 20', '1 confirmed 40']);
  });

  it('a reading that does not confirm raises no more than the same did', () => {
    expect(told(`${back} 0.5 x18 0.5*`)).toEqual(['0 provisional 1', '0 retracted 20']);
  });
});

describe('a confirmed alert', () => {
  it('that nobody answers is escalated once', () => {
    expect(told('2* x300', { slowSilentSeconds: 1e9 })).toEqual(['0 confirmed 0', '0 escalated 120']);
  });

  it('is escalated at once by a deeper score, also in the very tick that confirms it', () => {
    expect(told('2* x9 4 x9 4.5', { deep: 4 })).toEqual(['0 confirmed 0', '0 escalated 10']);
    expect(told('0.5 5*', { deep: 4 })).toEqual(['0 provisional 0', '0 confirmed 1', '0 escalated 1']);
    expect(told('0.5 5 x9', { deep: 4 })).toEqual(['0 provisional 0']);
  });

  it('that was answered is not escalated by time, yet by a deeper score', () => {
    const machine = alertMachine({ ...rules, deep: 4 });
    const state = machine.init();
    const changes: AlertChange[] = [];
    for (let k = 0; k <= 300; k++) {
      const [, said] = machine.step(state, {
        timeMs: k * stepMs,
        score: k < 250 ? 2 : 5,
        fresh: k % 20 === 0,
        acknowledged: k === 30,
      });
      changes.push(...said);
    }
    expect(words(changes)).toEqual(['0 confirmed 0', '0 escalated 250']);
  });

  it('says which phase it is in', () => {
    const machine = alertMachine(rules);
    const state = machine.init();
    const phases = [-3, 0.5, 2].map((score, k) => {
      machine.step(state, { timeMs: k * stepMs, score, fresh: k === 2 });
      return machine.phase(state);
    });
    expect(phases).toEqual(['quiet', 'provisional', 'confirmed']);
  });
});

describe('options', () => {
  it.each([
    [{ rise: 1 }, 'alerts: unknown option "rise", expected one of raise, confirm, retract, quiet'],
    [{ raise: Number.NaN }, 'alerts: raise: unusable, expected a number, got NaN'],
    [{ snoozeSeconds: -1 }, 'alerts: snoozeSeconds: unusable, expected a number of at least 0, got -1'],
    [{ confirm: 1, retract: 2 }, 'alerts: retract: too high, expected at most confirm, 1, got 2'],
    [{ quiet: 1 }, 'alerts: quiet: too high, expected at most raise, 0, got 1'],
  ])('%j are refused', (options, message) => {
    expect(() => alertMachine({ raise: 0, ...options } as AlertOptions)).toThrow(message);
    expect(() =>
      alertsOf(new Float32Array(1), new Uint8Array(1), 0, 1, { raise: 0, ...options } as AlertOptions),
    ).toThrow(message);
  });

  it('without more than the raising score confirm and take back at it, and end at half the odds', () => {
    const plain = (text: string) => {
      const { score, fresh } = line(text);
      return words(alertsOf(score, fresh, 0, stepMs, { raise: 0 }));
    };
    const half = Math.log(0.5);
    expect(plain(`-1 0* -0.1 x59 ${half + 0.01} x40`)).toEqual(['0 confirmed 1']);
    expect(plain(`-1 0* -0.1 x9 ${half - 0.01} x40`)).toEqual(['0 confirmed 1', '0 ended 52']);
    expect(plain('-1 0 -0.1*')).toEqual(['0 provisional 1', '0 retracted 2']);
  });

  it('are the same after they were kept as JSON, which has no word for never', () => {
    const never = alertRules({
      raise: 0,
      confirm: Number.POSITIVE_INFINITY,
      retract: Number.NEGATIVE_INFINITY,
      quiet: Number.NEGATIVE_INFINITY,
      provisionalSeconds: Number.POSITIVE_INFINITY,
      escalateAfterSeconds: Number.POSITIVE_INFINITY,
    });
    expect(alertRules(JSON.parse(JSON.stringify(never)))).toEqual(never);
    expect(() => alertRules(JSON.parse('{"raise":null}'))).toThrow(
      'alerts: raise: unusable, expected a number, got null',
    );
  });

  it('columns of unequal length are refused', () => {
    expect(() => alertsOf(new Float32Array(2), new Uint8Array(1), 0, 1, rules)).toThrow(
      'alertsOf: columns differ, expected 2 ticks of fresh, got 1',
    );
  });
});

describe('an alert that stands', () => {
  const told = (renewSeconds: number | undefined, minutes: number, score = 1) => {
    const machine = alertMachine({ raise: 0, ...(renewSeconds !== undefined && { renewSeconds }) });
    let state = machine.init();
    const changes: AlertChange[] = [];
    for (let minute = 0; minute < minutes; minute++) {
      const [next, said] = machine.step(state, { timeMs: minute * 60_000, score, fresh: minute % 5 === 0 });
      state = next;
      changes.push(...said);
    }
    return changes
      .filter(({ kind }) => kind !== 'escalated')
      .map(({ alert, kind, timeMs }) => [alert, kind, timeMs / 60_000]);
  };

  it('is told again as one of its own after renewSeconds, as long as its word would raise it', () => {
    expect(told(1200, 45)).toEqual([
      [0, 'confirmed', 0],
      [0, 'ended', 20],
      [1, 'confirmed', 20],
      [1, 'ended', 40],
      [2, 'confirmed', 40],
    ]);
  });

  it('counts from when it was raised, and is told again after it was confirmed at the earliest', () => {
    const score = new Float32Array(100).fill(2);
    const fresh = new Uint8Array(100);
    fresh[60] = 1; // confirms it after 15 min
    const said = (renewSeconds: number) =>
      words(alertsOf(score, fresh, 0, stepMs, { ...rules, renewSeconds, provisionalSeconds: 1e6 }));
    expect(said(1200)).toEqual(['0 provisional 0', '0 confirmed 60', '0 ended 80', '1 confirmed 80']);
    expect(said(600)).toEqual(['0 provisional 0', '0 confirmed 60', '0 ended 61', '1 confirmed 61']);
  });

  it('for no time at all is told again at each later word, not in the tick that confirms it', () => {
    expect(told(0, 2)).toEqual([
      [0, 'confirmed', 0],
      [0, 'ended', 1],
      [1, 'confirmed', 1],
    ]);
  });

  it('is told once by default', () => {
    expect(told(undefined, 45)).toEqual([[0, 'confirmed', 0]]);
  });
});
