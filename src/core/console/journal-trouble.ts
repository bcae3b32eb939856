import type { Incidents } from '../observe/incidents.ts';
import type { Journal } from '../store/journal.ts';

/** Tells while the journal cannot be written, and that it can be again. Returns the function that ends it. */
export function tellOfJournal(journal: Journal, incidents: Incidents): () => void {
  let lasting: string | null = null;
  return journal.trouble.on((problem) => {
    if (problem) lasting = incidents.addProblem(problem, { kind: 'file' }).id;
    else if (lasting !== null) incidents.close(lasting, 'Everything that waited is written.');
  });
}
