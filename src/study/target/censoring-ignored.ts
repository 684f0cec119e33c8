import type { Warning } from '../../evaluate/comparison.ts';
import type { Table } from '../../read/table/table.ts';
import { followUpIn } from '../draft/follow-up.ts';

const outcome = /vital|status|dead|death|died|deceased|censor|event|relaps|recur|progress/i;
const followUp =
  /days_?to|time_?to|follow.?up|surviv\w*[\W_]*(time|days|months|years)|(^|[\W_])(os|dss|pfs|pfi|dfi|dfs|rfs|efs|ttp)[\W_]*(time|days|months|years)?$/i;

/**
 * An outcome that takes time, told as classes although the table holds the times: who was watched for a short while counts
 * as free of it, so that the classes mix the outcome with the length of follow-up.
 */
export function censoringIgnored(column: string, classes: readonly string[], table: Table): Warning[] {
  if (classes.length !== 2) return [];
  const own = followUpIn(table).endPoints.find(({ status }) => status === column);
  const times = own?.time ?? timesBeside(column, table);
  if (times.length === 0) return [];
  const shown = times.slice(0, 3).join(', ');
  const message = `${column} as classes ignores censoring: who was followed for a short time counts as ${classes[0]}; ${table.name} has ${shown}, from which target.time and target.status make a survival target`;
  return [{ code: 'censoring-ignored', message }];
}

/** Times by their names, of whatever end point, where the column is an outcome by its name. */
function timesBeside(column: string, { columns }: Table): string[] {
  if (!outcome.test(column)) return [];
  return columns
    .filter(({ kind, name }) => kind === 'number' && name !== column && followUp.test(name))
    .map(({ name }) => name);
}
