/** How a value after an event stands to those of the same person at the same clock time of nights without one. */
export interface SameClock {
  readonly value: number;
  readonly controls: readonly number[];
}

/** AUROC within persons and clock times: the mean over events of the share of controls below, ties half. */
export function sameClockAuroc(events: readonly SameClock[]): number {
  let sum = 0;
  for (const { value, controls } of events) {
    const below = controls.reduce((count, one) => count + (value > one ? 1 : value === one ? 0.5 : 0), 0);
    sum += below / controls.length;
  }
  return sum / events.length;
}
