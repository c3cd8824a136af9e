// Telegram's limits for what persons send, in characters and bytes.

export const longestText = 4096;
export const longestCaption = 1024;
export const largestFile = 20_000_000;

// A long text as Telegram's clients send it: in parts, cut at a line's end or a space.
export function parts(text) {
  const found = [];
  let rest = text;
  while (rest.length > longestText) {
    const piece = rest.slice(0, longestText);
    const line = piece.lastIndexOf("\n");
    const space = piece.lastIndexOf(" ");
    const half = longestText / 2;
    let cut = line > half ? line : space > half ? space : longestText;
    // Never between the two halves of a character outside the basic plane.
    if (cut === longestText && /[\uD800-\uDBFF]/.test(rest[cut - 1])) cut -= 1;
    found.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  if (rest) found.push(rest);
  return found;
}
