/** A work that a source names. */
interface Paper {
  /** Authors and year. */
  readonly title: string;
  readonly address?: string;
}

/** The works in an optimizer's source, before what it says about semantics and defaults. */
function papersOf(source: string): Paper[] {
  const [works = ""] = source.split(/; semantics|\. Defaults?\b/);
  return works.split("; ").flatMap((work) => {
    const title = /^(?:\w+: )?([A-Z].*?, \d{4})\b/.exec(work)?.[1];
    const id = /arXiv:(\d{4}\.\d{4,5})/.exec(work)?.[1];
    const address = id ? `https://arxiv.org/abs/${id}` : /https:\/\/\S+/.exec(work)?.[0];
    return title === undefined ? [] : [{ title, ...(address && { address }) }];
  });
}

/** Those works, each with a link where there is one. */
export function paperLinks(source: string): string {
  return papersOf(source)
    .map(({ title, address }) => (address ? `[${title}](${address})` : title))
    .join("; ");
}
