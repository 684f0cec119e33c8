import type { Tensor } from './tensor.ts';

/** Everything reached from some tensors, inputs before what is made of them. No recursion: graphs can be deep. */
export function inOrder(roots: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const open: { readonly tensor: Tensor; readonly done: boolean }[] = roots
    .toReversed()
    .map((tensor) => ({ tensor, done: false }));
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const { tensor, done } = entry;
    if (done) order.push(tensor);
    if (done || seen.has(tensor)) continue;
    seen.add(tensor);
    open.push({ tensor, done: true });
    if (tensor.source.kind !== 'op') continue;
    for (const x of tensor.source.inputs.toReversed()) if (!seen.has(x)) open.push({ tensor: x, done: false });
  }
  return order;
}
