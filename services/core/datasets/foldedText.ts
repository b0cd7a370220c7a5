/**
 * What two texts have in common that a person would call copies: Unicode NFKC, case folding, white space collapsed. It holds no newline, so
 * one keeps text and pair apart.
 */
export function foldedText({ text, textPair }: { text: string; textPair?: string }): string {
  return textPair === undefined ? folded(text) : `${folded(text)}\n${folded(textPair)}`;
}

function folded(text: string): string {
  // Upper before lower case, so that "ß" and "SS" meet; normalised again since changing case can undo it.
  return text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC").replace(/\s+/g, " ").trim();
}
