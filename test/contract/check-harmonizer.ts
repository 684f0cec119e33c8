/** What every harmonizer promises (DESIGN.md, Contracts). */
import { describe, expect, it } from 'vitest';
import { type Block, takeBlockRows } from '../../src/describe/cohort.ts';
import { type HarmonizerKind, harmonizers } from '../../src/harmonize/prepare.ts';
import { flat } from './check-fusion.ts';
import { countBlock, world } from './cohorts.ts';

/** Fresh blocks each time: an assay with holes, a mixed record with missing cells, counts. Each of three sites. */
const blocks = () => [world({ absent: 0.3 }).x.blocks[0], world().x.blocks[2], countBlock()].map(atSites);

function atSites(block: Block): Block {
  return { ...block, sites: Array.from(block.present, (_, i) => `site ${i % 3}`) };
}

export function checkHarmonizer(kind: HarmonizerKind, options: object = {}): void {
  const make = () => harmonizers[kind](options as never);
  const fitOn = (block: Block) => make().fit(block, undefined, { seed: 0 });

  describe(`${kind} keeps the contract of a harmonizer`, () => {
    it('learns the same bytes from the same block, whatever it was fitted on before', async () => {
      for (const [b, block] of blocks().entries()) {
        const again = make();
        await again.fit(blocks()[(b + 1) % 3], undefined, { seed: 0 });
        const second = await again.fit(blocks()[b], undefined, { seed: 0 });
        expect(flat(second.save())).toBe(flat((await fitOn(block)).save()));
      }
    });

    it('does the same after saving and opening', async () => {
      for (const block of blocks()) {
        const fitted = await fitOn(block);
        const opened = harmonizers[kind].open(structuredClone(fitted.save()));
        expect(plain(await opened.apply(block))).toEqual(plain(await fitted.apply(block)));
      }
    });

    it('does not mutate the block it is given', async () => {
      for (const [b, block] of blocks().entries()) {
        await (await fitOn(block)).apply(block);
        expect(plain(block)).toEqual(plain(blocks()[b]));
      }
    });

    it('treats each subject alone once fitted: order and company do not matter', async () => {
      for (const block of blocks()) {
        const fitted = await fitOn(block);
        const rows = Int32Array.of(7, 3, 40);
        const together = takeBlockRows(await fitted.apply(block), rows);
        expect(plain(await fitted.apply(takeBlockRows(block, rows)))).toEqual(plain(together));
      }
    });

    it('gives names, values, masks and presence of one shape, and goes on telling the sites', async () => {
      for (const block of blocks()) {
        const { modality, values, observed, present, sites } = await (await fitOn(block)).apply(block);
        expect(sites).toEqual(block.sites);
        expect(values.shape).toEqual([block.values.shape[0], modality.features.length]);
        expect(observed).toHaveLength(values.data.length);
        expect(new Set(modality.features.map(({ name }) => name)).size).toBe(modality.features.length);
        expect([...present]).toEqual([...block.present]);
      }
    });

    it('keeps no subject in what it saves', async () => {
      const saved = flat((await fitOn(blocks()[1])).save());
      expect(saved.length).toBeLessThan(2000);
    });
  });
}

function plain({ modality, values, observed, present }: Block): object {
  return { features: modality.features, values: [...values.data], observed: [...observed], present: [...present] };
}
