import { describe, expect, it } from 'vitest';
import { memoryBus } from '../../src/stream/memory-bus.ts';

async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const out: T[] = [];
  for await (const batch of batches) out.push(...batch);
  return out;
}

describe('a bus in memory', () => {
  it('hands on everything in order, and ends once drained', async () => {
    const bus = memoryBus<number>(10);
    for (let i = 0; i < 5; i++) expect(bus.offer(i)).toBe(true);
    bus.drain();
    expect(await all(bus.batches())).toEqual([0, 1, 2, 3, 4]);
    expect(bus.status()).toEqual({ open: false, capacity: 10, waiting: 0, taken: 5, refused: 0, lost: 0 });
  });

  it('refuses what it has no room for, tells the sender, and counts it', () => {
    const bus = memoryBus<number>(2);
    expect([1, 2, 3, 4].map((one) => bus.offer(one))).toEqual([true, true, false, false]);
    expect(bus.status()).toMatchObject({ waiting: 2, taken: 2, refused: 2 });
  });

  it('lets a sender that waits for room lose nothing, however slow the reader', async () => {
    const bus = memoryBus<number>(3);
    const send = async () => {
      for (let i = 0; i < 100; ) {
        await bus.room();
        if (bus.offer(i)) i++;
      }
      bus.drain();
    };
    const read = async () => {
      const out: number[] = [];
      for await (const batch of bus.batches()) {
        expect(batch.length).toBeLessThanOrEqual(3);
        out.push(...batch);
        await new Promise((go) => setTimeout(go, 0));
      }
      return out;
    };
    const [, out] = await Promise.all([send(), read()]);
    expect(out).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('closed, lets go of what waits and says how much that was: draining does not', async () => {
    const closed = memoryBus<number>();
    closed.offer(1);
    closed.offer(2);
    expect(closed.close()).toBe(2);
    expect(await all(closed.batches())).toEqual([]);
    expect(closed.status()).toMatchObject({ taken: 2, lost: 2 });
    expect(closed.offer(3)).toBe(false);
  });

  it('lets go of senders that wait when it is closed', async () => {
    const bus = memoryBus<number>(1);
    bus.offer(1);
    const waits = bus.room();
    bus.close();
    await expect(waits).resolves.toBeUndefined();
  });

  it('must hold at least one message', () => {
    expect(() => memoryBus(0)).toThrow('memoryBus: unusable capacity, expected a whole number from 1, got 0');
  });
});
