export const exitCodes = { ok: 0, failed: 1, badInput: 2, cancelled: 130 } as const;
