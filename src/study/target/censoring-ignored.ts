import type { Warning } from '../../evaluate/comparison.ts';
import type { Table } from '../../read/table.ts';

const outcome = /vital|status|dead|death|died|deceased|censor|event|relaps|recur|progress/i;
const followUp =
  /days_?to|time_?to|follow.?up|surviv\w*[\W_]*(time|days|months|years)|(^|[\W_])(os|dss|pfs|pfi|dfi|dfs|rfs|efs|ttp)[\W_]*(time|days|months|years)?$/i;

/**
 * An outcome that takes time, told as classes although the table holds the times: who was watched for a short while counts
 * as free of it, so that the classes mix the outcome with the length of follow-up.
 */
export function censoringIgnored(column: string, classes: readonly string[], { name, columns }: Table): Warning[] {
  if (classes.length !== 2 || !outcome.test(column)) return [];
  const times = columns.filter((one) => one.kind === 'number' && one.name !== column && followUp.test(one.name));
  if (times.length === 0) return [];
  const shown = times
    .slice(0, 3)
    .map((one) => one.name)
    .join(', ');
  const message = `${column} as classes ignores censoring: who was followed for a short time counts as ${classes[0]}; ${name} has ${shown}, from which target.time and target.status make a survival target`;
  return [{ code: 'censoring-ignored', message }];
}
