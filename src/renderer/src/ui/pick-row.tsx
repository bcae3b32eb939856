import { Pick, type PickProps } from './pick.tsx';

/** A list as two cells of a `.form` grid. */
export function PickRow({ hasLabel = true, ...rest }: Omit<PickProps, 'className'> & { readonly hasLabel?: boolean }) {
  return (
    <>
      {hasLabel ? <span className="l">{rest.label}</span> : <span />}
      <Pick {...rest} className="field" />
    </>
  );
}
