type CsvValue = string | number | boolean | null;

/** Columns of a file in their order: the name in the header row, and the value of an item. */
export type CsvColumns<Item> = Readonly<Record<string, (item: Item) => CsvValue>>;
