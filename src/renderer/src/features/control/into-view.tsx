import { useEffect, useRef, type ReactNode } from 'react';

/** What has just come up is scrolled into sight: below the fold of a dialog it would be as good as not said. */
export function IntoView({ className, children }: { readonly className: string; readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={box} className={className}>
      {children}
    </div>
  );
}
