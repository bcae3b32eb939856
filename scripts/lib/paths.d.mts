export const root: string;
/** Path of Electron's binary, or null. */
export function electronBinary(): string | null;
export function findOnPath(name: string): string | null;
export function productNode(): string | null;
