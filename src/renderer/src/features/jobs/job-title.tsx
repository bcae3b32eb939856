/** The name of a job: what is cut of a long one is never its end, "(part 2)", which tells it from the part before. */
export function JobTitle({ title }: { readonly title: string }) {
  const [, name = title, part = ''] = /^(.*)( \(part \d+\))$/s.exec(title) ?? [];
  return (
    <span className="job-title">
      <bdi className="cut">{name}</bdi>
      {part === '' ? null : <span className="part">{part}</span>}
    </span>
  );
}
