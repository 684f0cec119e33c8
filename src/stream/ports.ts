/**
 * What a running stream needs of the world: the time, a place to keep what came in, a way in. The logic behind them knows
 * nothing else of it, so that the same run goes on in memory, on a disk or behind a message broker.
 */

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves when `now()` has come to that time, or at once where `stopped` is or gets aborted. */
  until(timeMs: number, stopped?: AbortSignal): Promise<void>;
}

/** What came in, in order; an entry that is kept can be read again. */
export interface Log<Entry> {
  /** Resolves once the entries are kept. */
  append(entries: readonly Entry[]): Promise<void>;
  /** All that is kept so far, from the first on. */
  read(): AsyncIterable<readonly Entry[]>;
}

/** The way in: a queue of bounded length between those who send and the one who works. */
export interface Bus<Message> {
  /** Takes a message, or says that there is no room (and counts that): the sender then waits for room, or sends again later. */
  offer(message: Message): boolean;
  /** Resolves once there is room, or nothing is taken any more. */
  room(): Promise<void>;
  /** Takes no more. What waits still comes out. */
  drain(): void;
  /** Takes no more, and lets go of what waits. Returns how many messages that was. */
  close(): number;
  /** All that waits, again and again, until drained or closed. One reader. */
  batches(): AsyncIterable<readonly Message[]>;
  status(): BusStatus;
}

export interface BusStatus {
  /** Whether messages are taken. */
  readonly open: boolean;
  readonly capacity: number;
  readonly waiting: number;
  readonly taken: number;
  /** Offers for which there was no room. */
  readonly refused: number;
  /** Messages that were let go by `close`. */
  readonly lost: number;
}
