import { useEffect, useLayoutEffect, useRef } from 'react';
import { createStore } from 'zustand/vanilla';

export interface Command {
  /** Steady name, such as `job.start`: what another feature runs it by. */
  readonly id: string;
  readonly label: string;
  /** Where the palette lists it. */
  readonly group: string;
  /** One key as `R`, `F6`, `?`, `Mod+K` (Ctrl, on a Mac Cmd). Letters are heard only while nothing is being typed. */
  readonly keys?: string;
  readonly isEnabled?: boolean;
  readonly run: () => void;
}

/** Every command of the window, by id: the palette and the keys read it, features register in it. */
export const commandStore = createStore<{ readonly commands: ReadonlyMap<string, Command> }>(() => ({
  commands: new Map(),
}));

/** Runs a command by its id; false where it is unknown or cannot run now. */
export function runCommand(id: string): boolean {
  const command = commandStore.getState().commands.get(id);
  if (!command || command.isEnabled === false) return false;
  command.run();
  return true;
}

function set(commands: readonly Command[], isThere: boolean): void {
  const next = new Map(commandStore.getState().commands);
  for (const command of commands) {
    if (isThere) next.set(command.id, command);
    else next.delete(command.id);
  }
  commandStore.setState({ commands: next });
}

/** Offers commands while the component is mounted. What `run` does may change each render; the rest by value. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useLayoutEffect(() => {
    latest.current = commands;
  });
  const shape = JSON.stringify(
    commands.map(({ id, label, group, keys, isEnabled }) => [id, label, group, keys, isEnabled]),
  );
  useEffect(() => {
    const offered = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((each) => each.id === command.id)?.run(),
    }));
    set(offered, true);
    return () => set(offered, false);
  }, [shape]);
}
