import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportProgram } from '../../src/engine/compile/export-program.ts';
import type { WebRuntimeOptions } from '../../src/engine/session/runtime.browser.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { NamedValues } from '../../src/engine/session/runtime.ts';
import { Session } from '../../src/engine/session/session.ts';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import type { Networks } from '../../src/fuse/prediction.ts';
import { world } from '../contract/cohorts.ts';
import { need } from '../require.ts';
import { root } from '../structure/sources.ts';
import type { Page, PlainValues, Said } from './browser-page.ts';
import { feeds, trainedCrossAttention } from './cross-attention.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const { skip, reason } = need('browser', existsSync(executablePath));
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
/** WebGPU computed by the processor, so that it is there without a GPU. */
const software = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };
const document = '<!doctype html><title>page</title><script type="module" src="/page.js"></script>';

/** Serves a folder and the page, to this machine only. */
async function served(folder: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const type = types[url === '/' ? 'html' : (url.split('.').at(-1) ?? '')] ?? 'application/octet-stream';
    const body = url === '/' ? Promise.resolve(document) : readFile(join(folder, url.slice(1)));
    body.then(
      (found) => response.writeHead(200, { 'content-type': type }).end(found),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const plain = (values: NamedValues): PlainValues =>
  Object.fromEntries(Object.entries(values).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));

function expectClose(made: PlainValues, expected: PlainValues, within: number): void {
  expect(Object.keys(made)).toEqual(Object.keys(expected));
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(made[name].shape).toEqual(shape);
    const apart = data.map((value, i) => Math.abs(value - made[name].data[i]));
    expect(Math.max(...apart)).toBeLessThan(within);
  }
}

describe.skipIf(skip)(
  `a trained cross-attention model, exported, in a browser${reason && ` (skipped: ${reason})`}`,
  () => {
    let folder: string;
    let server: Server;
    let browser: Browser;
    let exported: Uint8Array;
    const x = plain(feeds(9, 4));
    let inNode: PlainValues;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'consilience-engine-'));
      await build({
        configFile: false,
        root,
        logLevel: 'silent',
        build: {
          outDir: folder,
          minify: false,
          rollupOptions: { input: `${root}test/engine/browser-page.ts`, output: { entryFileNames: 'page.js' } },
        },
      });
      server = await served(folder);
      browser = await chromium.launch({ executablePath, args });
      const program = await trainedCrossAttention();
      exported = await exportProgram(program);
      await using session = await Session.open(program, await nodeRuntime());
      inNode = plain(await session.run(feeds(9, 4)));
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

    /** Opens the page, and hands over whom to ask. */
    async function opened<Result>(from: Browser, use: (page: Tab) => Promise<Result>): Promise<Result> {
      const page = await from.newPage();
      try {
        await page.goto(origin());
        await page.waitForFunction(() => 'say' in globalThis);
        return await use(page);
      } finally {
        await page.close();
      }
    }

    const say = (page: Tab, web?: WebRuntimeOptions, model: Uint8Array = exported): Promise<Said> =>
      page.evaluate(({ model, x, web }) => (globalThis as unknown as Page).say(model, x, web), {
        model: [...model],
        x,
        web,
      });

    it('gives what it gives in Node, by the runtime that is the default there', async () => {
      const asked: string[] = [];
      const { runtime, outputs } = await opened(browser, (page) => {
        page.on('request', (request) => asked.push(request.url()));
        return say(page);
      });
      expect(runtime).toBe('onnxruntime-web (WebAssembly)');
      expectClose(outputs, inNode, 1e-5);
      expect(new Set(outputs.probability.data).size).toBeGreaterThan(9); // it says something of each subject
      expect(asked.filter((url) => !url.startsWith(origin()))).toEqual([]); // nothing comes from elsewhere
    });

    it('gives what a fitted fusion gives in Node', async () => {
      const { x: cohort, target } = world();
      const options = { width: 8, heads: 2, epochs: 3, members: 2 };
      const { networks } = await intermediate(options).fit(cohort, target, { seed: 1 });
      const { program, feeds: fedOf } = networks as Networks;
      const fed = await fedOf(cohort);
      await using session = await Session.open(program(), await nodeRuntime());
      const expected = plain(await session.run(fed));
      const model = await exportProgram(program());
      const { outputs } = await opened(browser, (page) =>
        page.evaluate(({ model, fed }) => (globalThis as unknown as Page).say(model, fed), {
          model: [...model],
          fed: plain(fed),
        }),
      );
      expectClose(outputs, expected, 1e-5);
    }, 60_000);

    it('falls back to WebAssembly where there is no WebGPU adapter, and says so', async () => {
      const [auto, by] = await opened(browser, async (page) => [
        await say(page, { webgpu: 'auto' }),
        await say(page, {}),
      ]);
      expect(auto.runtime).toBe('onnxruntime-web (WebAssembly, no WebGPU adapter)');
      expect(auto.outputs).toEqual(by.outputs);
      await expect(opened(browser, (page) => say(page, { webgpu: true }))).rejects.toThrow(
        "webRuntime: no WebGPU adapter, expected webgpu: 'auto', or a GPU",
      );
    });

    it('is refused when it is damaged', async () => {
      const damaged = exported.slice();
      damaged[1000] ^= 1;
      await expect(opened(browser, (page) => say(page, {}, damaged))).rejects.toThrow('m.onnx: damaged program');
    });

    it('gives the same by WebGPU, where there is an adapter', async ({ skip: leave }) => {
      const other = await chromium.launch({ executablePath, args: [...args, ...software] });
      try {
        const adapter = await opened(other, (page) =>
          page.evaluate(async () => {
            const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
            return Boolean(await gpu?.requestAdapter());
          }),
        );
        leave(!adapter, 'this browser has no WebGPU by software');
        const [auto, demanded] = await opened(other, async (page) => [
          await say(page, { webgpu: 'auto' }),
          await say(page, { webgpu: true }),
        ]);
        expect([auto.runtime, demanded.runtime]).toEqual(Array(2).fill('onnxruntime-web (WebGPU)'));
        expectClose(auto.outputs, inNode, 1e-5);
        expect(demanded.outputs).toEqual(auto.outputs);
      } finally {
        await other.close();
      }
    }, 120_000);
  },
);
