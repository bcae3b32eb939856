/** Where the focus lands within a panel: its list, table or first control, else the panel itself. */
const landing = '[role=grid], [role=log], button:not([disabled]), input, [tabindex="0"]';

/** Moves the focus to the next panel in the order of the page, from the last to the first. */
export function nextPanel(): void {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-panel]')].filter((panel) =>
    panel.checkVisibility({ visibilityProperty: true }),
  );
  if (panels.length === 0) return;
  const present = panels.findIndex((panel) => panel.contains(document.activeElement));
  const panel = panels[(present + 1) % panels.length];
  if (!panel) return;
  const target = panel.querySelector<HTMLElement>(landing) ?? panel;
  target.focus();
  if (!panel.contains(document.activeElement)) panel.focus();
}
