import { flushSync } from 'react-dom';

/**
 * Shows a form once more without what is secret in it, right before it goes. The browser and React Aria hold a form that was
 * removed until something else replaces it, with the values of its last rendering (measured, in a snapshot of the heap).
 */
export const forget = (empty: () => void): void => flushSync(empty);
