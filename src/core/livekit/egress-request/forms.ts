/** One call of the Egress service: its method, and the body as it goes over the wire. Bodies carry secrets: never log one. */
export interface EgressCall {
  readonly method:
    | 'StartEgress'
    | 'StartRoomCompositeEgress'
    | 'StartWebEgress'
    | 'StartParticipantEgress'
    | 'StartTrackCompositeEgress'
    | 'StartTrackEgress';
  readonly body: Fields;
}

/** A message of the wire: names as in livekit_egress.proto, enums by their names. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * A request in the forms that say it: that of `StartEgress` (v2, livekit-server 1.13.2 and newer), and those of the older
 * calls (v1). Where both are given they mean the same, and `first` says which is asked first.
 */
export interface EgressForms {
  readonly first: 'v1' | 'v2';
  readonly v1?: EgressCall | undefined;
  readonly v2?: (EgressCall & { readonly method: 'StartEgress' }) | undefined;
}

/** A message without the values that proto3 leaves out: they mean the same as nothing. */
export function message(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== 0 && value !== false),
  );
}
