import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { words } from '../text/messages.ts';

const thanksMs = 1_000;

/** A value that reads as text and is copied by a press. */
export function Copyable({
  text,
  label,
  className = '',
}: {
  readonly text: string;
  readonly label: string;
  readonly className?: string;
}) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), thanksMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined, // a host may refuse the clipboard; the value stays there to be read
    );
  };
  return (
    <Button className={`copy ${className}`} onPress={copy} aria-label={words.copy.label(label, text)}>
      {text}
      <output className="vh">{isCopied ? words.copy.done : ''}</output>
    </Button>
  );
}
