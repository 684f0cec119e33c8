export async function init(_folder: string, _options: object): Promise<number> {
  return 1;
}
