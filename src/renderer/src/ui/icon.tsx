const paths = {
  chev: 'M4.5 6.5 8 10l3.5-3.5',
  right: 'M6.5 4.5 10 8l-3.5 3.5',
  find: 'M11 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM10 10l3 3',
  warn: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.750v.01',
  tick: 'm3.5 8.5 3 3 6-7',
  cross: 'm4 4 8 8M12 4l-8 8',
  flag: 'M4 14V2.5h8L9.5 5.5 12 8.5H4',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H7',
  gear: 'M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM8 1.5v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M12.600 3.400l-1.400 1.400M4.800 11.200l-1.400 1.400',
} as const;
export type IconName = keyof typeof paths;

/** Always beside a word or inside a control that has a name: an icon alone says nothing here. */
export function Icon({ name, isSmall = false }: { readonly name: IconName; readonly isSmall?: boolean }) {
  return (
    <svg className={isSmall ? 'i i-12' : 'i'} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark of the product. */
export function Logo() {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d="M1 3.5A2.5 2.5 0 0 1 3.5 1h9A2.5 2.5 0 0 1 15 3.5v9a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 1 12.5z"
        fill="var(--text-1)"
        stroke="none"
      />
      <path d="M4 5.5h8M4 8h5M4 10.5h3" stroke="var(--surface-2)" strokeWidth="1.5" />
      <circle cx="11.25" cy="10.25" r="1.75" fill="var(--tally-live)" stroke="none" />
    </svg>
  );
}
