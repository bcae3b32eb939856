import {
  BackupCodecPolicy,
  Codec,
  ParticipantPermission,
  SimulcastCodecInfo,
  TrackInfo,
  TrackSource,
  TrackType,
} from '@livekit/protocol';

/** The codecs that livekit-server 1.13.5 lists in every room. */
export function enabledCodecs(): Codec[] {
  const audio = ['audio/PCMU', 'audio/PCMA', 'audio/opus', 'audio/red'];
  const video = ['video/VP8', 'video/H264', 'video/VP9', 'video/AV1', 'video/H265', 'video/rtx'];
  return [...audio, ...video].map((mime) => new Codec({ mime }));
}

export function speakerPermission(): ParticipantPermission {
  return new ParticipantPermission({ canSubscribe: true, canPublish: true, canPublishData: true });
}

export function recorderPermission(): ParticipantPermission {
  return new ParticipantPermission({ canSubscribe: true, hidden: true, recorder: true });
}

export function microphoneTrack(sid: string, muted: boolean): TrackInfo {
  return new TrackInfo({
    sid,
    type: TrackType.AUDIO,
    name: 'mic',
    muted,
    source: TrackSource.MICROPHONE,
    mimeType: 'audio/opus',
    mid: '7',
    codecs: [new SimulcastCodecInfo({ mimeType: 'audio/opus', mid: '7' })],
    disableRed: true,
    stream: 'camera',
    backupCodecPolicy: BackupCodecPolicy.SIMULCAST,
  });
}

export function cameraTrack(sid: string): TrackInfo {
  return new TrackInfo({
    sid,
    type: TrackType.VIDEO,
    name: 'cam',
    width: 640,
    height: 360,
    source: TrackSource.CAMERA,
    mimeType: 'video/VP8',
    mid: '8',
    codecs: [new SimulcastCodecInfo({ mimeType: 'video/VP8', mid: '8' })],
    stream: 'camera',
    backupCodecPolicy: BackupCodecPolicy.SIMULCAST,
  });
}
