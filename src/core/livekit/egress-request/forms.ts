/** One call of the Egress service: its method, and the body as it goes over the wire. Bodies carry secrets: never log one. */
export interface EgressCall {
  readonly method:
    | 'StartEgress'
    | 'StartRoomCompositeEgress'
    | 'StartWebEgress'
    | 'StartParticipantEgress'
    | 'StartTrackCompositeEgress'
    | 'StartTrackEgress';
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A request in the forms that say it: that of `StartEgress` (v2, livekit-server 1.13.2 and newer), and that of the older
 * calls. Where both are given they mean the same.
 */
export type EgressForms =
  | { readonly v1: EgressCall; readonly v2?: EgressCall | undefined }
  | { readonly v1?: undefined; readonly v2: EgressCall };
