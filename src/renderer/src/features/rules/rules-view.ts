import { createStore } from 'zustand/vanilla';

/** Whether the rules are shown, and which of them is being edited: its id, or `new`. */
export const rulesView = createStore<{ readonly isOpen: boolean; readonly editing: string | null }>(() => ({
  isOpen: false,
  editing: null,
}));

export const openRules = (editing: string | null = null): void => rulesView.setState({ isOpen: true, editing });
export const closeRules = (): void => rulesView.setState({ isOpen: false, editing: null });
export const editRule = (editing: string | null): void => rulesView.setState({ editing });
