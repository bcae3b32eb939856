/** What would have gone to the desktop (dialogs, trays, links …); tests read it through `launch.ts`. */
export interface DiaryEntry {
  readonly kind: string;
  readonly [detail: string]: unknown;
}
export const diary: DiaryEntry[] = [];
export const note = (kind: string, details: Readonly<Record<string, unknown>> = {}): void =>
  void diary.push({ kind, ...details });

/** An event that a listener may prevent. */
export class Preventable {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}
