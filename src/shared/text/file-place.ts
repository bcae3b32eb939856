/** A path, of whatever computer. */
export const isPath = (location: string): boolean => /^([\\/]|[A-Za-z]:[\\/])/.test(location);

/** The address of an object in a storage. */
export const isStored = (location: string): boolean => /^[a-z0-9]+:\/\//i.test(location);
