/** What everything that runs on input as it comes promises (DESIGN.md, Contracts). */
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { Online } from '../../src/estimator.ts';

/** A value in full; numbers by value, since an engine may hold one and the same in two ways. */
function bytes(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name}:${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}`;
  }
  if (Array.isArray(value)) return `[${value.map(bytes).join()}]`;
  if (value instanceof Map) return `Map${bytes([...value])}`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  return `{${Object.entries(value)
    .map(([key, own]) => `${key}:${bytes(own)}`)
    .join()}}`;
}

export interface OnlineBounds {
  /** The state of one subject, serialized, is never larger. */
  readonly stateBytes: number;
}

/** @param inputs more than fill whatever the state holds, so that its bound is tried */
export function checkOnline<In, State, Out>(
  name: string,
  make: () => Online<In, State, Out>,
  inputs: readonly In[],
  { stateBytes }: OnlineBounds,
): void {
  /** What each input brought forth, and the state after the last. */
  const told = (machine: Online<In, State, Out>, given: readonly In[], from = machine.init()) => {
    let state = from;
    const outs = given.map((input) => {
      const [next, out] = machine.step(state, input);
      state = next;
      return bytes(out);
    });
    return { outs, state };
  };
  const whole = told(make(), inputs);
  const cuts = [0, 1, 0.25, 0.5, 0.9].map((share) => (share === 1 ? 1 : Math.floor(share * inputs.length)));

  describe(`${name} keeps the contract of what runs online`, () => {
    it('says something, and not always the same', () => {
      expect(new Set(whole.outs).size).toBeGreaterThan(1);
    });

    it('gives the same bytes for the same inputs', () => {
      const again = told(make(), inputs);
      expect(again.outs).toEqual(whole.outs);
      expect(bytes(again.state)).toBe(bytes(whole.state));
    });

    it('goes on from a copied state, in another process or later, as if nothing had happened', () => {
      for (const cut of cuts) {
        const first = told(make(), inputs.slice(0, cut));
        const rest = told(make(), inputs.slice(cut), structuredClone(first.state));
        expect([...first.outs, ...rest.outs]).toEqual(whole.outs);
        expect(bytes(rest.state)).toBe(bytes(whole.state));
      }
    });

    it('comes back to a copied state and takes another way from there', () => {
      const machine = make();
      const half = Math.floor(inputs.length / 2);
      const { state } = told(machine, inputs.slice(0, half));
      const copy = structuredClone(state);
      const before = bytes(copy);
      told(machine, inputs.slice(half), state);
      expect(bytes(copy)).toBe(before);
      expect(told(machine, inputs.slice(half), copy).outs).toEqual(whole.outs.slice(half));
    });

    it('keeps subjects apart that share a machine', () => {
      const machine = make();
      let one = machine.init();
      let other = machine.init();
      const late = Math.floor(inputs.length / 3);
      inputs.forEach((input, at) => {
        const [next, out] = machine.step(one, input);
        one = next;
        expect(bytes(out) === whole.outs[at], `input ${at}`).toBe(true);
        if (at >= late) other = machine.step(other, inputs[at - late])[0];
      });
      expect(bytes(other)).toBe(bytes(told(make(), inputs.slice(0, inputs.length - late)).state));
    });

    it('leaves its inputs as they are', () => {
      const before = bytes(inputs);
      told(make(), inputs);
      expect(bytes(inputs)).toBe(before);
    });

    it(`holds no more than ${stateBytes} bytes`, () => {
      const machine = make();
      let state = machine.init();
      let most = 0;
      for (const input of inputs) {
        state = machine.step(state, input)[0];
        most = Math.max(most, serialize(state).length);
      }
      expect(most).toBeLessThanOrEqual(stateBytes);
    });
  });
}
