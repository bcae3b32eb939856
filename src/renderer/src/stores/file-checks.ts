import { createStore } from 'zustand/vanilla';
import type { FileCheck } from '../../../shared/model/file-check.ts';

/** What was found of the files of ended jobs in their storages. */
export const fileChecksStore = createStore<{ readonly checks: readonly FileCheck[] }>(() => ({ checks: [] }));
