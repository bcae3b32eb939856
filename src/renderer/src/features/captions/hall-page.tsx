/** The big-text page for the hall: `/captions?room=…`. */
export function HallPage() {
  return <main aria-label="Captions" />;
}
