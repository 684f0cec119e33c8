import { type HybridConfig, hybridSubjects } from '../../src/index.ts';
import { configured } from './configured.ts';

/** Prints what a configuration comes to. */
export async function check(path: string, { json }: { readonly json?: boolean }): Promise<number> {
  const { config, stream } = await configured(path);
  hybridSubjects(stream); // also what only a run would meet, such as a fitted feature that nothing measures
  process.stdout.write(json ? `${JSON.stringify(config, null, 1)}\n` : inWords(config));
  return 0;
}

function inWords({ name, setup, question, strategy, evidence, fitted, alerts }: HybridConfig): string {
  const { threshold, beyond, mode, horizonSeconds } = question;
  const unit = setup.sensors.find((sensor) => sensor.name === setup.slow)?.unit ?? '';
  const when = mode === 'nowcast' ? 'now' : `now or within ${horizonSeconds} s`;
  const lines = [
    `${name}: ${setup.slow} ${beyond} ${threshold} ${unit} ${when}, asked every ${setup.stepSeconds} s`,
    ...setup.sensors.map(
      (sensor) =>
        `${sensor.name === setup.slow ? 'slow' : 'fast'}  ${sensor.name}, ${sensor.unit}, every ${sensor.everySeconds} s, ` +
        `${sensor.low} to ${sensor.high}; may be ${sensor.latenessSeconds} s late, is silent after ${sensor.silentAfterSeconds} s`,
    ),
    `strategy ${strategy}, ${fitted === undefined ? 'numbers by hand' : `fitted: ${fitted}`}`,
    ...evidence.map(
      ({ feature, usual, shift, sd }) =>
        `evidence  ${feature}: usually ${usual}, ${usual + shift} in the event, sd ${sd}`,
    ),
    alerts
      ? `an alert is raised from a probability of ${probability(alerts.raise)} on`
      : 'alerts as they were chosen in training',
  ];
  return `${lines.join('\n')}\n`;
}

function probability(logOdds: number): number {
  return Number((1 / (1 + Math.exp(-logOdds))).toPrecision(3));
}
