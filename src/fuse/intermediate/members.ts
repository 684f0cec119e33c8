/** The networks of an ensemble, and how what they say becomes one opinion. */
import type { Matrix } from '../../array/matrix.ts';
import type { Program } from '../../engine/compile/compile.ts';
import { Session } from '../../engine/session/session.ts';
import type { Architecture } from './network.ts';
import { type Telling, told } from './objective.ts';
import type { RuntimeSource } from './runtime.ts';

/** The parameters of one network, by name. */
export type Member = Readonly<Record<string, Float32Array>>;

/** What is learned but the parameters. */
export interface EnsembleState {
  readonly architecture: Architecture;
  readonly telling: Telling;
  /** Taken off what each member says: of risks the mean over the training subjects, else 0. */
  readonly zeros: readonly number[]; // [members]
  /** Opinions are divided by it: of risks the standard deviation over the training subjects, else 1. */
  readonly scale: number;
}

/**
 * Adds the share of one network to the opinions of the ensemble.
 *
 * @param said by network `k`, [rows, outputs]; the rows from `from` on
 */
export function addOpinions(
  opinions: Matrix<Float64Array>,
  said: Matrix<Float64Array>,
  { telling, zeros, scale }: EnsembleState,
  k: number,
  members: number,
  from = 0,
): void {
  const outputs = opinions.shape[1];
  told(telling, said).data.forEach((value, i) => {
    opinions.data[from * outputs + i] += (value - zeros[k]) / (members * scale);
  });
}

/** Every network in turn, in one session; none is opened where there is no subject. */
export async function eachMember(
  program: Program,
  members: readonly Member[],
  runtime: RuntimeSource,
  subjects: number,
  visit: (session: Session, k: number) => Promise<void>,
): Promise<void> {
  if (subjects === 0) return;
  const session = await Session.open(program, await runtime(), { values: members[0] });
  try {
    for (const [k, member] of members.entries()) {
      session.use(member);
      await visit(session, k);
    }
  } finally {
    await session.close();
  }
}
