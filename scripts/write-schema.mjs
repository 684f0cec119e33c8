/** Writes `schema/study.schema.json`, for editors and other tools, from the built `studyJsonSchema()`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { studyJsonSchema } from '../dist/src/index.js';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('study.schema.json', folder), `${JSON.stringify(studyJsonSchema(), null, 2)}\n`);
