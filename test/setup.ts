import fc from 'fast-check';

/** Property tests draw the same cases every day: what passes lands. CONSILIENCE_SEED tries others. */
fc.configureGlobal({ seed: Number(process.env.CONSILIENCE_SEED ?? 20_261_124) });
