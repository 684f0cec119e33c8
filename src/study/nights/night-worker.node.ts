/** The worker's side of a comparison over nights. */
import { InputError } from '../../errors.ts';
import { doNightTask, type NightAnswer, type NightTask } from './night-tasks.ts';

/** An error that crosses from a worker loses its class, so what the user is to be told travels as data. */
export type NightReply<Task extends NightTask> =
  | { readonly answer: NightAnswer<Task> }
  | { readonly refused: ConstructorParameters<typeof InputError>[0] };

export default async function runNightTask<Task extends NightTask>(task: Task): Promise<NightReply<Task>> {
  try {
    return { answer: await doNightTask(task) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { where, what, expected, got } = error;
    return { refused: { where, what, ...(expected !== undefined && { expected }), ...(got !== undefined && { got }) } };
  }
}
