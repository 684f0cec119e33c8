/** CT and MR slices of the Harvard patients, as counts of their 8-bit grey levels by tissue. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tissues, by CT grey alone, which no method changes; head is CT above 5. Bone is 180 and more, soft tissue 50 to 179, dark (fluid,
 * fat, mixed with air) 6 to 49. `narrow` is soft tissue cut at 159, of which bright slices lose the top. `brain` is told
 * otherwise: MR of at least 20, and no CT of 230 and more (bone) or under 20 (air) within 4 pixels.
 */
export const tissues = {
  dark: (ct) => ct > 5 && ct < 50,
  soft: (ct) => ct >= 50 && ct < 180,
  narrow: (ct) => ct >= 50 && ct < 160,
  bone: (ct) => ct >= 180,
};
const near = 4;

/** Patients that nothing is fitted on. */
export const held = ['16', '21'];

/** Patients with their slices, in order. */
export async function patientsIn(folder, readImageFile) {
  const patients = new Map();
  for (const name of readdirSync(join(folder, 'CT')).sort()) {
    // PPSSS.png, of case 2 also PSSS.png
    const patient = name.slice(0, -7).padStart(2, '0');
    const [ct, mr] = await Promise.all(
      ['CT', 'MRI'].map(async (kind) => pixelsOf(await readImageFile(join(folder, kind, name)))),
    );
    if (!patients.has(patient)) patients.set(patient, []);
    patients.get(patient).push({ ct, mr, ...countsOf(ct, mr) });
  }
  return [...patients].sort(([a], [b]) => (a < b ? -1 : 1)).map(([patient, slices]) => ({ patient, slices }));
}

function pixelsOf({ data, shape: [, height, width] }) {
  return Uint8Array.from({ length: height * width }, (_, i) => data[i]);
}

/** By modality and tissue, how many pixels have each grey level [256]; and the share of bone in the head. */
function countsOf(ct, mr) {
  const names = [...Object.keys(tissues), 'brain', 'head'];
  const empty = () => Object.fromEntries(names.map((name) => [name, new Float64Array(256)]));
  const counts = { ct: empty(), mr: empty() };
  const brain = brainIn(ct, mr);
  for (let i = 0; i < ct.length; i++) {
    const add = (name) => {
      counts.ct[name][ct[i]]++;
      counts.mr[name][mr[i]]++;
    };
    for (const [name, holds] of Object.entries(tissues)) if (holds(ct[i])) add(name);
    if (brain[i]) add('brain');
    if (ct[i] > 5) add('head');
  }
  const sum = (all) => all.reduce((total, count) => total + count, 0);
  return { counts, boneShare: sum(counts.ct.bone) / sum(counts.ct.head) };
}

function brainIn(ct, mr) {
  const side = Math.round(Math.sqrt(ct.length));
  const out = new Uint8Array(ct.length);
  for (let y = near; y < side - near; y++) {
    for (let x = near; x < side - near; x++) {
      if (mr[y * side + x] < 20) continue;
      let inside = 1;
      for (let dy = -near; dy <= near && inside; dy++) {
        for (let dx = -near; dx <= near && inside; dx++) {
          const value = ct[(y + dy) * side + x + dx];
          if (value >= 230 || value < 20) inside = 0;
        }
      }
      out[y * side + x] = inside;
    }
  }
  return out;
}
