/** Pieces of a comparison over nights, spread over worker threads. Their number changes no figure. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { CancelledError, InputError } from '../../errors.ts';
import { doNightTask, type NightAnswer, type NightTask } from './night-tasks.ts';
import type { NightReply } from './night-worker.node.ts';

export interface NightPool extends AsyncDisposable {
  /** Answers in the order of the tasks. @param done told each time one is finished */
  run<Task extends NightTask>(tasks: readonly Task[], done: () => void): Promise<NightAnswer<Task>[]>;
}

/** @param signal ends it between pieces, with a CancelledError */
export function nightPool(jobs: number, signal?: AbortSignal): NightPool {
  const threads = Math.min(jobs, Math.max(2, availableParallelism())); // more would only cost memory
  const file = createRequire(import.meta.url).resolve('#night-worker');
  const pool =
    threads > 1 && existsSync(file)
      ? new Piscina({ filename: file, minThreads: threads, maxThreads: threads })
      : undefined;
  const check = () => {
    if (signal?.aborted) throw new CancelledError('night');
  };
  return {
    async run(tasks, done) {
      const ask = async <Task extends NightTask>(task: Task): Promise<NightAnswer<Task>> => {
        check();
        if (!pool) await sleep(0); // let a signal in
        check();
        const answer = pool ? answerOf<Task>(await pool.run(task)) : await doNightTask(task);
        done();
        return answer;
      };
      if (!pool) {
        const answers = [];
        for (const task of tasks) answers.push(await ask(task));
        return answers;
      }
      // A few at a time, so that an interruption has little to wait for.
      const answers = new Array(tasks.length);
      let next = 0;
      const work = async () => {
        while (next < tasks.length) {
          const at = next++;
          answers[at] = await ask(tasks[at]);
        }
      };
      await Promise.all(Array.from({ length: threads + 1 }, work));
      return answers;
    },
    async [Symbol.asyncDispose]() {
      await pool?.close({ force: true });
    },
  };
}

function answerOf<Task extends NightTask>(reply: NightReply<Task>): NightAnswer<Task> {
  if ('refused' in reply) throw new InputError(reply.refused);
  return reply.answer;
}
