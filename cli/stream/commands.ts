/** `consilience stream ...`: fusions of live sensors, and of the logs that they leave. */
import { type Command, InvalidArgumentError } from 'commander';

/** @param done told the exit code of the command that ran */
export function addStreamCommands(program: Command, done: (code: number) => void): void {
  const stream = program
    .command('stream')
    .description('fuse live sensors: alerts at once by the fast ones, confirmed or taken back by the slow one')
    .addHelpText('after', '\nExample: consilience stream replay night.ndjson --config hypoglycemia.yaml');

  stream
    .command('run')
    .description('hear sensors and print changes of alerts, one a line of JSON')
    .argument('<config>', 'configuration of a hybrid fusion (YAML or JSON)')
    .option('--from <log>', 'hear a log instead of stdin: NDJSON or CSV, at the times of arrival that it states')
    .option('--speed <factor>', 'of --from: so many times as fast as it was; 0: as fast as can be', speed)
    .option('--log <file>', 'keep everything that comes in, for stream replay; a file that is there is not replaced')
    .option('--queue <n>', 'events that may wait; a sender who finds no room waits', wholeFrom(1))
    .option('--settled', 'also print alerts as all that was measured would have raised them')
    .addHelpText(
      'after',
      '\nOne event a line: {"stream":"watch","subject":"p1","sensor":"cgm","sequence":7,"timeMs":1700000000000,"value":93}\nNothing is kept but by --log, and state lives in memory: a run that ends begins anew. Ctrl-C hears out what\nwaits, then ends with 130. Status goes to stderr.\nExamples: my-gateway | consilience stream run hypoglycemia.yaml --log tonight.ndjson\n          consilience stream run hypoglycemia.yaml --from night.ndjson --speed 600',
    )
    .action(async (config: string, options) => {
      const { runLive } = await import('./run.ts');
      done(await runLive(config, options));
    });

  stream
    .command('replay')
    .description('hear a log again: the same alerts, byte for byte, and what became of every event')
    .argument('<log>', 'NDJSON or CSV, in order of arrival')
    .option(
      '--config <file>',
      'configuration of a hybrid fusion (default: the one in the log, as stream run writes it)',
    )
    .option('-o, --out <file>', 'write the changes of alerts, one a line of JSON')
    .option('--settled', 'also write alerts as all that was measured would have raised them')
    .option('--json', 'print the summary as JSON')
    .option('--force', 'replace the file also if it holds no changes of alerts; never one that is read')
    .addHelpText(
      'after',
      '\nAn event that does not say when it arrived (arrivedMs) arrived when it was measured, but not before the one\nahead of it. Whatever cannot be used is counted by sensor and reason.\nExamples: consilience stream replay tonight.ndjson -o alerts.ndjson\n          consilience stream replay events.csv --config hypoglycemia.yaml --json',
    )
    .action(async (log: string, options) => {
      const { replay } = await import('./replay.ts');
      done(await replay(log, options));
    });

  stream
    .command('check')
    .description('look at a configuration: what is heard, what raises an alert')
    .argument('<config>', 'configuration of a hybrid fusion (YAML or JSON)')
    .option('--json', 'print it with all its defaults as JSON')
    .addHelpText('after', '\nExample: consilience stream check hypoglycemia.yaml')
    .action(async (config: string, options) => {
      const { check } = await import('./check.ts');
      done(await check(config, options));
    });
}

function wholeFrom(least: number) {
  return (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`expected a whole number from ${least}`);
  };
}

function speed(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number.isFinite(Number(text))) return Number(text);
  throw new InvalidArgumentError('expected a number, 0 or more');
}
