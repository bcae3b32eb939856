/** Names what one rule has started for one key. */
export const entryKey = (ruleId: string, key: string): string => JSON.stringify([ruleId, key]);
