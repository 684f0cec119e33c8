import type { ImageSize } from '../../describe/image-layout.ts';
import type { ImageSummary, ModalitySummary, ValueHistogram } from '../../evaluate/comparison.ts';
import { count, percent } from '../../score/written.ts';
import { isCut, valueHistogramChart, valueWords } from '../charts/value-histogram.ts';
import { type Context, placeChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { behind, table } from '../tables.ts';

/** The mean scan of each modality of images, and how often values occur before and after preparation. */
export function scans(context: Context): Markup | false {
  const images = context.comparison.study.modalities.filter(({ image }) => image?.mean || image?.values);
  if (images.length === 0) return false;
  return html`<h3>The scans</h3>
<p>Means over subjects: nobody's own scan is shown.</p>
${images.map((modality) => ofModality(context, modality, modality.image as ImageSummary))}`;
}

/** Such as `64 x 64 x 32 of 3 x 3 x 4 mm`. */
export function gridWords({ size, spacingMm, channels }: ImageSize): string {
  const mm = spacingMm.map((one) => String(Number(one.toPrecision(4)))).join(' × ');
  return `${size.join(' × ')} of ${mm} mm${channels > 1 ? `, ${channels} channels` : ''}`;
}

function ofModality({ figure, canvas }: Context, { name, unit }: ModalitySummary, image: ImageSummary): Markup {
  const { mean, values, prepared } = image;
  const chart = (title: string, histogram: ValueHistogram | undefined) =>
    histogram && html`<h4>${title}</h4>${placeChart(valueHistogramChart(canvas, `${name}: ${title}`, histogram))}`;
  const before = `values as read${unit === undefined ? '' : `, ${unit}`}`;
  const after = 'values after preparation';
  const picture =
    mean &&
    html`<img src="data:image/png;base64,${mean.png}" width="${mean.width}" height="${mean.height}" alt="Slices of the mean ${name} scan">`;
  return html`${figure(
    html`<div class="scans">${picture}<div class="values">${chart(before, values)}${chart(after, prepared)}</div></div>`,
    caption(name, image),
  )}
${behind(
  `Table: values of ${name}`,
  ...[
    [before, values],
    [after, prepared],
  ].flatMap(([title, histogram]) =>
    histogram ? [binsTable(`${name}: ${title as string}`, histogram as ValueHistogram)] : [],
  ),
)}`;
}

function caption(name: string, { mean, values, prepared }: ImageSummary): Piece {
  return html`<b>${name}</b>${
    mean &&
    html`: slices of the mean of ${count(mean.subjects)} scans${
      mean.placed ? ", the patient's right (R) on the left" : ', as they are stored'
    }`
  }.${
    values &&
    html` Values of all voxels of all subjects, from the 1st to the 99th percentile${
      [values, prepared].some((one) => one && isCut(one)) && '; the first bar, cut off, is mostly background'
    }.`
  }${
    prepared &&
    html` The preparation was fitted for this figure on ${count(prepared.subjects)} subjects together; in the comparison each fold fits its own.`
  }`;
}

function binsTable(caption: string, { low, high, shares }: ValueHistogram): Markup {
  const width = (high - low) / shares.length;
  const edge = (bin: number) => valueWords(low + bin * width, high - low);
  return table(
    caption,
    [
      { head: 'values', cell: (bin: number) => `${edge(bin)} to ${edge(bin + 1)}` },
      { head: 'share', cell: (bin: number) => percent(shares[bin]) },
    ],
    [...shares.keys()],
  );
}
