/** A whole process measured from outside: wall time anywhere, processor time and memory where /proc tells (Linux). */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';

const tickMs = 20;
const ticksBetweenScans = 10; // a scan reads every process's line, so it is made rarely
const clockTicks = 100; // a second, on Linux

/**
 * @typedef {{ wallSeconds: number, userSeconds: number | null, peakBytes: number | null }} Cost `userSeconds` and
 *   `peakBytes` are sums over the process and its descendants: what each used, and the most each held (VmHWM; memory that
 *   processes share counts once in each)
 */

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined> }} [options]
 * @returns {Promise<Cost & { stdout: string }>}
 */
export async function measure(program, args, options = {}) {
  const started = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  const seen = new Map([[child.pid, { user: 0, peak: 0 }]]);
  let ticks = 0;
  const timer = setInterval(() => {
    if (ticks++ % ticksBetweenScans === 0) for (const pid of descendants(child.pid)) seen.set(pid, look(pid, seen));
    seen.set(child.pid, look(child.pid, seen));
  }, tickMs);
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  const wallSeconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${await stderr}`);
  const sum = (key) => [...seen.values()].reduce((total, value) => total + value[key], 0) || null;
  return { wallSeconds, userSeconds: sum('user'), peakBytes: sum('peak'), stdout: await stdout };
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

function proc(path) {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

/** Parent and processor time of a process; the name before them, in brackets, may hold anything. */
function statOf(pid) {
  const [, parent, ...rest] = proc(`${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return { parent: Number(parent), user: Number(rest[9]) / clockTicks };
}

/** The most a process has used until now; what was seen before where it has ended. */
function look(pid, seen) {
  const before = seen.get(pid) ?? { user: 0, peak: 0 };
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(proc(`${pid}/status`))?.[1] ?? 0) * 1024;
  const { user } = statOf(pid);
  return { user: Math.max(before.user, user || 0), peak: Math.max(before.peak, peak) };
}

function descendants(root) {
  if (process.platform !== 'linux') return [];
  const parents = new Map();
  for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) parents.set(Number(name), statOf(name).parent);
  const found = new Set([root]);
  for (const above of found) for (const [pid, parent] of parents) if (parent === above) found.add(pid);
  found.delete(root);
  return [...found];
}

/** The middle cost of several runs, each figure by itself. */
export function medianCost(costs) {
  const middle = (key) => median(costs.map((cost) => cost[key]));
  return { wallSeconds: middle('wallSeconds'), userSeconds: middle('userSeconds'), peakBytes: middle('peakBytes') };
}

export function median(values) {
  if (values.includes(null)) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

const quietShare = 0.1;
const lookMs = 3000;
const patienceMs = 240_000;

/** Waits until nobody else uses the processors, a few minutes at most. Returns the share of them in use at the end. */
export async function quiet() {
  const started = performance.now();
  let share = await busyShare();
  while (share > quietShare && performance.now() - started < patienceMs) share = await busyShare();
  return share;
}

async function busyShare() {
  const before = processorTimes();
  await new Promise((resolve) => setTimeout(resolve, lookMs));
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

function processorTimes() {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return {
    idle,
    total: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}

/** What the figures were measured on. */
export function machine() {
  return { node: process.versions.node, platform: `${process.platform}-${process.arch}`, cores: cpus().length };
}
