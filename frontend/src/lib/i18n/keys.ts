/** The key under which the catalogue knows a category or a verification: lower case, words joined by `_`. */
export const keyOf = (name: string): string => name.toLowerCase().replace(/[^a-z]+/g, '_');
