import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../src/align/time/parse-event.ts';
import { hybridJson, parseHybrid } from '../../../src/fuse/hybrid/config/config.ts';
import { writeFitted } from '../../../src/fuse/hybrid/config/fitted.ts';
import { handScoring } from '../../../src/fuse/hybrid/config/scoring.ts';
import { writeHead } from '../../../src/stream/log-lines.ts';
import { goodNight, nightEvent } from '../../stream/plain-night.ts';
import { consilience, program } from '../cli.ts';
import { fallConfig, fallLines, folderOf, linesIn, nightConfig } from './logs.ts';

const fittedConfig = {
  ...(hybridJson(readFileSync(fallConfig, 'utf8'), 'fall') as object),
  evidence: undefined,
  quantity: undefined,
  fitted: 'fall.json',
};

const replay = (folder: string, ...args: string[]) => consilience(['stream', 'replay', ...args], { cwd: folder });

describe('stream replay', () => {
  it('tells what became of every event, and writes what was said', async () => {
    const lines = fallLines();
    const folder = folderOf({ 'fall.ndjson': linesIn(lines) });
    const { code, stdout, stderr } = await replay(folder, 'fall.ndjson', '--config', fallConfig, '-o', 'alerts.ndjson');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^events {4}2,020: 2,020 taken, 0 refused\nsubjects {2}2\ntime {6}2025-10-09T08:53:20\.\d+Z to 2025/,
    );
    expect(stdout).toMatch(
      /, 100 s\nroom: 20 taken\naccelerometer: 2,000 taken\nalerts {4}1 provisional, 1 confirmed\n$/,
    );
    expect(stderr).toMatch(/\n[\d,]+ events\/s; wrote alerts\.ndjson\n$/);
    const said = readFileSync(join(folder, 'alerts.ndjson'), 'utf8').trimEnd().split('\n');
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      { subject: 'person 1', alert: 0, kind: 'provisional' },
      { subject: 'person 1', alert: 0, kind: 'confirmed' },
    ]);
  });

  it('takes CSV as well, to the same bytes', async () => {
    const columns = ['arrivedMs', 'subject', 'sensor', 'stream', 'sequence', 'timeMs', 'value'] as const;
    const rows = fallLines().map((line) => {
      const parsed = parseEvent(line);
      if ('refused' in parsed) throw new Error(parsed.why);
      const flat = { ...parsed.arrival.event, arrivedMs: parsed.arrival.arrivedMs };
      return columns.map((name) => flat[name]).join();
    });
    const folder = folderOf({ 'a.csv': linesIn([columns.join(), ...rows]), 'a.ndjson': linesIn(fallLines()) });
    for (const log of ['a.csv', 'a.ndjson']) await replay(folder, log, '--config', fallConfig, '-o', `${log}.said`);
    const said = readFileSync(join(folder, 'a.csv.said'), 'utf8');
    expect(said).toContain('"confirmed"');
    expect(said).toBe(readFileSync(join(folder, 'a.ndjson.said'), 'utf8'));
  });

  it('counts everything that cannot be used, by sensor and reason, and ends well', async () => {
    const good = goodNight().slice(0, 600);
    const { arrivedMs } = JSON.parse(good[300]);
    const cgm = (fields: object) =>
      nightEvent({ sensor: 'cgm', sequence: 900, timeMs: arrivedMs, value: 120, arrivedMs, ...fields });
    const bad = [
      cgm({ value: 0 }),
      cgm({ value: 9999 }),
      cgm({ value: 5.4 }),
      cgm({ value: Number.NaN }),
      cgm({ timeMs: arrivedMs + 365 * 86_400_000 }),
      cgm({ sensor: 'thermometer' }),
      'x'.repeat(1_000_000),
      '\u0000\u0001\ufffd garbage',
    ];
    const flood = Array.from({ length: 100_000 }, (_, i) => cgm({ sensor: 'motion', sequence: 1e6 + i, value: 7 }));
    const folder = folderOf({ 'bad.ndjson': linesIn(good.toSpliced(300, 0, ...bad, ...flood)) });
    const { code, stdout } = await replay(folder, 'bad.ndjson', '--config', nightConfig, '--json');
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ kind: 'stream-summary', arrived: good.length + bad.length + flood.length });
    expect(summary.taken + summary.refused).toBe(summary.arrived);
    const refusedOf = (name: string | null) =>
      summary.sensors.find(({ sensor }: { sensor: string | null }) => sensor === name)?.refused;
    expect(refusedOf('cgm')).toEqual({ future: 1, 'out-of-range': 2, 'wrong-unit': 1 });
    expect(refusedOf(null)).toEqual({ malformed: 1, 'not-a-number': 1, 'too-large': 1, 'unknown-sensor': 1 });
    expect(refusedOf('motion')['too-many']).toBeGreaterThan(99_000);
  });

  it('with a fitted strategy from a file says what the same numbers by hand say', async () => {
    const text = readFileSync(fallConfig, 'utf8');
    const byHand = `${text}strategy: filter\n`;
    const saved = handScoring(parseHybrid(byHand, 'fall')).save();
    const folder = folderOf({
      'fall.ndjson': linesIn(fallLines()),
      'hand.yaml': byHand,
      'fitted.yaml': `${text.replace(/evidence:[\s\S]*(?=alerts:)/, '')}strategy: filter\nfitted: model/fall.json\n`,
    });
    mkdirSync(join(folder, 'model'));
    writeFileSync(join(folder, 'model', 'fall.json'), writeFitted(saved));
    for (const name of ['hand', 'fitted']) {
      const { code } = await replay(folder, 'fall.ndjson', '--config', `${name}.yaml`, '-o', name);
      expect(code).toBe(0);
    }
    const said = readFileSync(join(folder, 'fitted'), 'utf8');
    expect(said).toContain('"confirmed"');
    expect(said).toBe(readFileSync(join(folder, 'hand'), 'utf8'));
  });

  it('of an empty log is no failure', async () => {
    const folder = folderOf({ 'empty.ndjson': '' });
    const { code, stdout } = await replay(folder, 'empty.ndjson', '--config', fallConfig);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'events    0: 0 taken, 0 refused\nsubjects  0\nalerts    none\n',
    });
  });

  it('is refused with exit code 2 where something is missing or would be lost, in words that say what', async () => {
    const folder = folderOf({
      'a.ndjson': linesIn(fallLines().slice(0, 10)),
      'bad.yaml': 'kind: hybrid-fusion\nversion: 1\nnam: x\n',
      'diary.txt': 'dear diary',
      'fitted.ndjson': `${writeHead(fittedConfig)}\n`,
    });
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await replay(folder, ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused('a.ndjson')).toBe(
      'error: a.ndjson: says no configuration, expected --config FILE, or a log that stream run wrote\n',
    );
    expect(await refused('fitted.ndjson')).toBe(
      'error: fitted.ndjson: was written with a fitted strategy, fall.json, expected --config FILE that names it\n',
    );
    expect(await refused('b.ndjson', '--config', fallConfig)).toMatch(
      /^error: b\.ndjson: cannot be read, expected a log, got ENOENT/,
    );
    expect(await refused('a.ndjson', '--config', 'bad.yaml')).toMatch(
      /^error: bad\.yaml:3:1: nam: unknown option, did you mean "name"\?/,
    );
    expect(await refused('a.ndjson', '--config', 'none.yaml')).toMatch(/^error: none\.yaml: cannot be read/);
    expect(await refused('a.ndjson', '--config', fallConfig, '-o', 'a.ndjson')).toMatch(
      /^error: a\.ndjson: would write over a\.ndjson, which is read/,
    );
    expect(await refused('a.ndjson', '--config', fallConfig, '-o', 'diary.txt')).toBe(
      'error: diary.txt: holds something other than changes of alerts, expected another name, or --force\n',
    );
    expect(readFileSync(join(folder, 'diary.txt'), 'utf8')).toBe('dear diary');
  });
});

describe('stream check', () => {
  it('says what a configuration comes to, in words and as JSON', async () => {
    const words = await consilience(['stream', 'check', fallConfig]);
    expect(words.code).toBe(0);
    expect(words.stdout).toContain('fall detection: room below 0.4 m now, asked every 1 s\n');
    const json = await consilience(['stream', 'check', fallConfig, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ name: 'fall detection', strategy: 'hybrid' });
  });

  it('refuses a folder as its output, and writes to what is no file without replacing it', async () => {
    const folder = folderOf({ 'fall.ndjson': linesIn(fallLines()) });
    mkdirSync(join(folder, 'there'));
    const refused = await replay(folder, 'fall.ndjson', '--config', fallConfig, '-o', 'there');
    expect(refused).toMatchObject({ code: 2, stderr: 'error: there: is a folder, expected the name of a file\n' });
    if (!existsSync('/dev/full')) return;
    const full = await replay(folder, 'fall.ndjson', '--config', fallConfig, '-o', '/dev/full');
    expect(full.code).toBe(2);
    expect(full.stderr).toContain('error: /dev/full: cannot be written, expected space left to write into');
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  it('finds what only a run would meet: a fitted feature that nothing measures', async () => {
    const config = parseHybrid(readFileSync(fallConfig, 'utf8'), 'fall');
    const renamed = JSON.stringify(fittedConfig).replaceAll('"impact"', '"blow"');
    const folder = folderOf({ 'fall.json': writeFitted(handScoring(config).save()), 'blow.json': renamed });
    const { code, stderr } = await consilience(['stream', 'check', 'blow.json'], { cwd: folder });
    expect(stderr).toContain('a feature that is not measured, expected blow, got impact');
    expect(code).toBe(2);
  });

  it.runIf(existsSync('/dev/full'))('says so in a line where stdout cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [program, 'stream', 'check', fallConfig], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(stderr).toMatch(/^error: stdout: cannot be written, got ENOSPC.*\n$/);
    expect(status).toBe(1);
  });
});
