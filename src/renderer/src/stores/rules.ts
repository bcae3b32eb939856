import { createStore } from 'zustand/vanilla';
import type { RuleView } from '../../../shared/model/rule.ts';

/** The rules of the chosen server, with what each does now. */
export const rulesStore = createStore<{ readonly rules: readonly RuleView[] }>(() => ({ rules: [] }));
