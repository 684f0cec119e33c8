/** HTML that is safe to place as it is. Only `html` and `verbatim` make it. */
export interface Markup {
  readonly html: string;
}

export type Piece = string | number | Markup | readonly Piece[] | false | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** The only way text enters the page: every interpolated string is escaped, in elements and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let out = strings[0];
  for (const [at, piece] of pieces.entries()) out += written(piece) + strings[at + 1];
  return { html: out };
}

/** For what another serializer has escaped already (a chart), and for the style sheet. */
export function verbatim(text: string): Markup {
  return { html: text };
}

function written(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return String(piece);
  if ('html' in piece) return piece.html;
  return piece.map(written).join('');
}
