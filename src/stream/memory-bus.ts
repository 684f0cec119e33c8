import { InputError } from '../errors.ts';
import type { Bus } from './ports.ts';

/**
 * A bus within one process.
 *
 * @param capacity messages that may wait
 */
export function memoryBus<Message>(capacity = 65_536): Bus<Message> {
  if (!Number.isInteger(capacity) || capacity < 1) {
    const expected = 'a whole number from 1';
    throw new InputError({ where: 'memoryBus', what: 'unusable capacity', expected, got: `${capacity}` });
  }
  let waiting: Message[] = [];
  let open = true;
  let taken = 0;
  let refused = 0;
  let lost = 0;
  const wakers = { reader: [] as (() => void)[], senders: [] as (() => void)[] };
  const wake = (who: keyof typeof wakers) => {
    for (const go of wakers[who].splice(0)) go();
  };
  const sleep = (who: keyof typeof wakers) => new Promise<void>((go) => wakers[who].push(go));
  const shut = () => {
    open = false;
    wake('reader');
    wake('senders');
  };
  return {
    offer(message) {
      if (!open || waiting.length >= capacity) {
        refused++;
        return false;
      }
      waiting.push(message);
      taken++;
      wake('reader');
      return true;
    },
    async room() {
      while (open && waiting.length >= capacity) await sleep('senders');
    },
    drain: shut,
    close() {
      const left = waiting.length;
      lost += left;
      waiting = [];
      shut();
      return left;
    },
    async *batches() {
      for (;;) {
        if (waiting.length > 0) {
          const batch = waiting;
          waiting = [];
          wake('senders');
          yield batch;
        } else if (open) await sleep('reader');
        else return;
      }
    },
    status: () => ({ open, capacity, waiting: waiting.length, taken, refused, lost }),
  };
}
