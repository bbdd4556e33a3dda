import type { NoticeKind, WebhookPayload } from '../../../contracts/notices.ts';
import type { WordedRequest } from '../told-sentence.ts';

/** What a webhook is told of a request: as it is now, at the time of the event. */
export const toWebhookPayload = ({ kind, at, request }: { kind: NoticeKind; at: Date; request: WordedRequest }, publicUrl: string): WebhookPayload => ({
  type: `approval.${kind}`,
  timestamp: at.toISOString(),
  data: {
    approval_id: request.id, run_id: request.run_id, agent_id: request.agent_id, agent_name: request.agent_name, tool_name: request.tool_name, risk_level: request.risk_level,
    status: request.status, effect_sentence: request.sentence, expires_at: request.expires_at?.toISOString() ?? null,
    url: `${publicUrl}/hitl/${request.id}`, api_url: `${publicUrl}/api/apa/hitl/${request.id}`,
  },
});
