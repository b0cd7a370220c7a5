import { parquetHeader } from "hyparquet/src/column.js";

/** Bytes of one page, decompressed. */
const maxPageBytes = 64 * 1024 * 1024;

/**
 * Looks at the headers of a flat column chunk's pages before any page is decoded: a decoder believes what they say, and makes room for it.
 * @param groupRows rows of the chunk's row group
 * @throws Error naming what cannot be right or is too much
 */
export function checkPages(chunk: ArrayBuffer, groupRows: number): void {
  const reader = { view: new DataView(chunk), offset: 0 };
  let values = 0;
  // A lone byte at the end is padding.
  while (values < groupRows && reader.offset < chunk.byteLength - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: stored, uncompressed_page_size: unpacked } = header;
    if (!(stored >= 0 && reader.offset + stored <= chunk.byteLength))
      throw new Error(`a page of ${stored} bytes does not fit into its column`);
    if (!(unpacked >= 0 && unpacked <= maxPageBytes))
      throw new Error(`a page has ${unpacked} bytes, of at most ${maxPageBytes}; write smaller pages`);
    const data = header.data_page_header ?? header.data_page_header_v2;
    const entries = header.dictionary_page_header?.num_values ?? 0;
    if (!(entries >= 0 && entries <= unpacked)) throw new Error(`a dictionary of ${entries} entries does not fit into ${unpacked} bytes`);
    if (data && !(data.num_values >= 0 && data.num_values <= groupRows - values))
      throw new Error(`the pages of a column have more values than the ${groupRows} rows of their row group`);
    values += data?.num_values ?? 0;
    reader.offset += stored;
  }
  if (values < groupRows) throw new Error(`the pages of a column have ${values} values; its row group has ${groupRows} rows`);
}
