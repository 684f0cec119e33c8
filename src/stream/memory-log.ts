import type { Log } from './ports.ts';

/** A log that lives as long as the process, and grows with what it is given. */
export function memoryLog<Entry>(): Log<Entry> & { readonly entries: readonly Entry[] } {
  const entries: Entry[] = [];
  return {
    entries,
    async append(more) {
      for (const entry of more) entries.push(entry);
    },
    async *read() {
      if (entries.length > 0) yield entries.slice();
    },
  };
}
