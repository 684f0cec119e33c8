/**
 * Preload under which every way to the network throws, in the main thread and in workers. What was tried is also written
 * to the file `CONSILIENCE_NETWORK_LOG`, since a caller may swallow the error. CommonJS and `--require`, because `--import`
 * does not reach workers started from a string.
 */
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const threads = require('node:worker_threads');

const log = process.env.CONSILIENCE_NETWORK_LOG;

function refusal(what) {
  return function refuse() {
    if (log) appendFileSync(log, `thread ${threads.threadId}: ${what}\n`);
    throw new Error(`no network: ${what}`);
  };
}

function close(name, object, keys) {
  for (const key of keys) if (typeof object[key] === 'function') object[key] = refusal(`${name}.${key}`);
}

const dns = require('node:dns');
const net = require('node:net');
const lookups = ['lookup', 'lookupService', ...Object.keys(dns.Resolver.prototype), ...Object.keys(dns)].filter((key) =>
  /^(lookup|resolve|reverse)/.test(key),
);
for (const [name, object] of [
  ['dns', dns],
  ['dns.promises', dns.promises],
  ['dns.Resolver', dns.Resolver.prototype],
  ['dns.promises.Resolver', dns.promises.Resolver.prototype],
]) {
  close(name, object, lookups);
}
close('net', net, ['connect', 'createConnection']);
close('net.Socket', net.Socket.prototype, ['connect']);
close('net.Server', net.Server.prototype, ['listen']);
close('tls', require('node:tls'), ['connect']);
close('http', require('node:http'), ['request', 'get']);
close('https', require('node:https'), ['request', 'get']);
close('http2', require('node:http2'), ['connect']);
close('dgram', require('node:dgram'), ['createSocket']);
close('globalThis', globalThis, ['fetch', 'WebSocket', 'EventSource']);
close('child_process', require('node:child_process'), [
  'spawn',
  'spawnSync',
  'exec',
  'execSync',
  'execFile',
  'execFileSync',
  'fork',
]);

/** A worker may be given an environment of its own, without NODE_OPTIONS. */
threads.Worker = class extends threads.Worker {
  constructor(file, { env, execArgv = process.execArgv, ...options } = {}) {
    const told = log && env && env !== threads.SHARE_ENV ? { ...env, CONSILIENCE_NETWORK_LOG: log } : env;
    super(file, { ...options, ...(told && { env: told }), execArgv: [...execArgv, '--require', __filename] });
  }
};
syncBuiltinESMExports();
