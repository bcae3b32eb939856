import type { Port } from './port.ts';

/** Two ports joined in memory, for tests and for a page without a host. What is sent goes through JSON, as everywhere. */
export function memoryPortPair(): readonly [Port, Port] {
  const sides = [newSide(), newSide()] as const;
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const side of sides) for (const listener of side.onClose) listener();
  };
  const port = (own: Side, far: Side): Port => ({
    send(message) {
      const text = JSON.stringify(message);
      queueMicrotask(() => {
        if (isOpen) for (const listener of far.onMessage) listener(JSON.parse(text));
      });
    },
    onMessage: (listener) => void own.onMessage.push(listener),
    onClose: (listener) => void own.onClose.push(listener),
    close,
  });
  return [port(sides[0], sides[1]), port(sides[1], sides[0])];
}

interface Side {
  readonly onMessage: ((message: unknown) => void)[];
  readonly onClose: (() => void)[];
}
const newSide = (): Side => ({ onMessage: [], onClose: [] });
