import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/stream/clocks.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the clock of the machine', () => {
  it('runs on where the machine is set back, and follows it again once it has caught up', () => {
    const machine = vi.spyOn(Date, 'now');
    const running = vi.spyOn(performance, 'now');
    const told = (machineMs: number, runningMs: number) => {
      machine.mockReturnValue(machineMs);
      running.mockReturnValue(runningMs);
      return clock.now();
    };
    running.mockReturnValue(0);
    const clock = systemClock();
    expect(told(1_000_000, 0)).toBe(1_000_000);
    expect(told(1_001_000, 1000)).toBe(1_001_000);
    expect(told(901_000, 1500)).toBe(1_001_500); // set back by 100 s
    expect(told(902_000, 2500)).toBe(1_002_500);
    expect(told(1_100_000, 3500)).toBe(1_100_000); // set right again
  });
});
