/** A metrics page as egress 1.14.1 writes it: names and labels as measured, figures the test's. */
export function egressPage(part: {
  readonly isIdle?: boolean;
  readonly takesAnyKind?: boolean;
  readonly isDisabled?: boolean;
  readonly isTerminating?: boolean;
  readonly cpuLoad?: number;
  readonly pulseRatio?: number;
  readonly tracks?: number;
}): string {
  const own = 'cluster_id="",node_id="NE_tqQz5v9m2n4k"';
  const bit = (is: boolean | undefined): number => (is ? 1 : 0);
  return `# HELP go_goroutines Number of goroutines that currently exist.
# TYPE go_goroutines gauge
go_goroutines 42
# HELP livekit_egress_available
# TYPE livekit_egress_available gauge
livekit_egress_available{${own}} ${bit(part.isIdle)}
# TYPE livekit_egress_can_accept_request gauge
livekit_egress_can_accept_request{${own}} ${bit(part.takesAnyKind)}
livekit_egress_is_disabled{${own}} ${bit(part.isDisabled)}
livekit_egress_is_terminating{${own}} ${bit(part.isTerminating)}
# TYPE livekit_egress_requests gauge
livekit_egress_requests{${own},type="track"} ${part.tracks ?? 0}
livekit_egress_requests{${own},type="room_composite"} 0
livekit_egress_handler_results_total{${own},result="completed",type="track"} 3
livekit_egress_pipline_upload_response_time_ms_bucket{${own},status="success",type="file",le="+Inf"} 3
livekit_egress_pulse_sinks{${own}} 0
livekit_load_ratio{${own},type="cpu"} ${part.cpuLoad ?? 0.1}
livekit_load_ratio{${own},type="pulse"} ${part.pulseRatio ?? 0}
livekit_node_cpu_load{node_id="NE_tqQz5v9m2n4k",node_type="EGRESS"} ${part.cpuLoad ?? 0.1}
`;
}
