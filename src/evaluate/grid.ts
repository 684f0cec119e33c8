/**
 * The sets of modalities tried in the missing-modality grid, largest first. All of them up to 8 modalities; above that
 * all present, each one missing, each pair and each one alone.
 */
export function modalitySubsets(modalities: readonly string[]): string[][] {
  const many = modalities.length;
  const subsets: string[][] = [];
  if (many <= 8) {
    for (let bits = 1; bits < 1 << many; bits++) subsets.push(modalities.filter((_, m) => bits & (1 << m)));
  } else {
    subsets.push([...modalities]);
    modalities.forEach((name, m) => {
      subsets.push(
        [name],
        modalities.filter((other) => other !== name),
      );
      for (const other of modalities.slice(m + 1)) subsets.push([name, other]);
    });
  }
  return subsets.sort((a, b) => b.length - a.length);
}
