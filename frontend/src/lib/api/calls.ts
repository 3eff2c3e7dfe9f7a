/** The calls the app makes, one line each, named after what they do. */
import { call, callNow } from './client';
import type { GIVEN, INVITED } from './rights';
import type * as wire from './wire';

const query = (params: Record<string, string | null | undefined>): string => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (value) search.set(key, value);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
};

export type Registration = {
  handle: string;
  password: string;
  display_name?: string;
  locale?: wire.Lang;
  invitation?: string;
};
export type Credentials = { handle: string; password?: string; recovery_code?: string; code?: string };
export type SecondFactorProof = { password: string; code?: string; recovery_code?: string };

export const site = () => call<wire.Site>('GET', '/site');
export const page = (key: string, locale: wire.Lang) =>
  call<wire.HostPage>('GET', `/pages/${encodeURIComponent(key)}${query({ locale })}`);

export const register = (body: Registration) => call<wire.NewAccount>('POST', '/accounts', { body });
export const signIn = (body: Credentials) => call<wire.SignedIn>('POST', '/session', { body });
export const signOut = () => call<null>('DELETE', '/session');
export const resetPassword = (token: string, password: string) =>
  call<unknown>('POST', '/password-resets', { body: { token, password } });

export const me = () => call<wire.Me>('GET', '/me');
export const changeMe = (body: { display_name?: string; locale?: wire.Lang }) =>
  call<unknown>('PATCH', '/me', { body });
export const changePassword = (
  body: { current?: string; new: string } & Pick<SecondFactorProof, 'code' | 'recovery_code'>,
) => call<wire.RecoveryCodes>('POST', '/me/password', { body });
export const renewCodes = (body: SecondFactorProof) =>
  call<wire.RecoveryCodes>('POST', '/me/recovery-codes', { body });
export const setUpSecondFactor = (password: string) =>
  call<wire.NewSecondFactor>('POST', '/me/second-factor', { body: { password } });
export const confirmSecondFactor = (code: string) =>
  call<unknown>('PUT', '/me/second-factor', { body: { code } });
export const removeSecondFactor = (body: SecondFactorProof) =>
  call<unknown>('DELETE', '/me/second-factor', { body });
export const eraseMe = (body: SecondFactorProof & { posts: 'erase' | 'keep' }) =>
  call<unknown>('DELETE', '/me', { body });
export const myPosts = () => call<wire.Posts>('GET', '/me/posts');
export const mySessions = (after?: string) =>
  call<{ items: wire.Session[]; next: string | null }>('GET', `/me/sessions${query({ after })}`);
export const endSession = (id: string) => call<null>('DELETE', `/me/sessions/${id}`);
export const endOtherSessions = () => call<null>('DELETE', '/me/sessions');
export type WantedToken = SecondFactorProof & { name: string; scope: wire.Scope; days: number };
export const makeToken = (body: WantedToken) => call<wire.NewToken>('POST', '/me/tokens', { body });

export const frameworks = () => call<wire.Page<wire.FrameworkEntry>>('GET', '/frameworks');
export const framework = (slug: string) => call<wire.FrameworkDetail>('GET', `/frameworks/${slug}`);
export const revision = (slug: string, number: number) =>
  call<wire.Revision>('GET', `/frameworks/${slug}/revisions/${number}`);
export const point = (slug: string, number: number) =>
  call<wire.PointDetail>('GET', `/frameworks/${slug}/points/${number}`);
export const markRead = (slug: string, number: number, seq: number) =>
  call<null>('PUT', `/frameworks/${slug}/points/${number}/read`, { body: { seq } });

export const search = (q: string, after?: string) =>
  call<{ items: wire.Found[]; next: string | null }>('GET', `/search${query({ q, after })}`);

export const pointThreads = (slug: string, number: number, after?: string) =>
  call<wire.Page<wire.Thread>>('GET', `/frameworks/${slug}/points/${number}/threads${query({ after })}`);
export const cardThreads = (concession: string, after?: string) =>
  call<wire.Page<wire.Thread>>('GET', `/concessions/${concession}/threads${query({ after })}`);
export const thread = (id: string, after?: string) =>
  call<wire.ThreadPage>('GET', `/threads/${id}${query({ after })}`);
/** As `thread`, while the page stands still; null where it fails. */
export const threadNow = (id: string, after?: string) =>
  callNow<wire.ThreadPage>(`/threads/${id}${query({ after })}`);
export const comment = (id: string) => call<wire.Comment>('GET', `/comments/${id}`);
export const commentVersions = (id: string) =>
  call<{ items: wire.CommentVersion[] }>('GET', `/comments/${id}/versions`);

export const concessions = (question: string, after?: string) =>
  call<wire.Page<wire.Concession>>('GET', `/questions/${question}/concessions${query({ after })}`);
export const concession = (id: string) => call<wire.Concession>('GET', `/concessions/${id}`);
export const cardVersions = (id: string) =>
  call<{ items: wire.CardVersion[] }>('GET', `/concessions/${id}/versions`);
export const similar = (question: string, title: string, body: string) =>
  call<{ items: wire.Similar[] }>('POST', `/questions/${question}/similar`, { body: { title, body } });
export const deal = (question: string) =>
  call<wire.Deal>('POST', `/questions/${question}/deal`, { body: {} });
export const ballot = (question: string) => call<wire.Ballot>('GET', `/questions/${question}/ballot`);
export const tally = (question: string, deal?: string | null) =>
  call<wire.Tally>('GET', `/questions/${question}/tally${query({ deal })}`);
export const opinions = (question: string) => call<wire.Opinions>('GET', `/questions/${question}/opinions`);

export const round = (question: string, number: number) =>
  call<wire.Round>('GET', `/questions/${question}/rounds/${number}`);
export const receipt = (question: string, round: number) =>
  call<wire.Receipt>('GET', `/questions/${question}/receipt?round=${round}`);
export type NextRound = { reveal: wire.Reveal; closes_at?: number };
export const openRound = (question: string, body: NextRound, commandId: string) =>
  call<wire.CommandResult>('POST', `/questions/${question}/rounds`, { body, commandId });
export const closeRound = (question: string, commandId: string) =>
  call<wire.CommandResult>('POST', `/questions/${question}/close`, { body: {}, commandId });
export const setClosing = (question: string, closes_at: number | null, commandId: string) =>
  call<wire.CommandResult>('PUT', `/questions/${question}/closing`, { body: { closes_at }, commandId });

export type GivenRole = (typeof GIVEN)[number];
export type InvitedRole = (typeof INVITED)[number];
type Limits = { points?: number[]; languages?: string[] };
export type NewInvitation = Limits & { role: InvitedRole; camp?: string; hours: number; uses: number };
export const team = (slug: string) => call<wire.Team>('GET', `/frameworks/${slug}/team`);
export const setRole = (slug: string, account: string, body: Limits & { role: GivenRole }, id: string) =>
  call<wire.CommandResult>('PUT', `/frameworks/${slug}/team/${account}`, { body, commandId: id });
export const invitations = (slug: string, after?: string) =>
  call<{ items: wire.Invitation[]; next: string | null }>(
    'GET',
    `/frameworks/${slug}/invitations${query({ after })}`,
  );
export const invite = (slug: string, body: NewInvitation, commandId: string) =>
  call<wire.CommandResult>('POST', `/frameworks/${slug}/invitations`, { body, commandId });
export const revokeInvitation = (slug: string, id: string, commandId: string) =>
  call<wire.CommandResult>('DELETE', `/frameworks/${slug}/invitations/${id}`, { commandId });
export const setVisibility = (slug: string, open: boolean, commandId: string) =>
  call<wire.CommandResult>('PUT', `/frameworks/${slug}/visibility`, { body: { public: open }, commandId });
export const previewInvitation = (token: string) =>
  call<wire.Invited>('POST', '/invitations/preview', { body: { token } });
export type Acceptance = { token: string; camp?: string; consent?: boolean };
export const acceptInvitation = (body: Acceptance, commandId: string) =>
  call<wire.CommandResult>('POST', '/invitations/accept', { body, commandId });

export const scopeRules = () => call<wire.ScopeRules>('GET', '/scope-rules');
export const scopeCheck = (question: string, body: wire.ScopeDraft) =>
  call<wire.Judgement>('POST', `/questions/${question}/scope-check`, { body });
export const scopeCase = (concession: string) =>
  call<wire.ScopeCase>('GET', `/concessions/${concession}/scope`);
export const scopeLedger = (slug: string) =>
  call<wire.ScopeLedger>('GET', `/frameworks/${slug}/scope-ledger`);

export const setPace = (slug: string, body: wire.PaceOrder, commandId: string) =>
  call<wire.CommandResult>('PUT', `/frameworks/${slug}/pace`, { body, commandId });

export const report = (object: wire.ObjectRef, reason: wire.Reason, note?: string) =>
  call<unknown>('POST', '/reports', { body: note ? { object, reason, note } : { object, reason } });
/** A thing in front of a moderator; the framework is named because an account stands in every one. */
const item = ({ kind, id }: wire.ObjectRef, framework: string, rest = ''): string =>
  `/moderation/items/${kind}/${encodeURIComponent(id)}${rest}${query({ framework })}`;
export type QueueFilter = { point?: string; language?: string; after?: string };
export const queue = (framework: string, filter: QueueFilter = {}) =>
  call<wire.QueuePage>('GET', `/moderation/queue${query({ framework, ...filter })}`);
export const moderatedItem = (framework: string, object: wire.ObjectRef) =>
  call<wire.ItemView>('GET', item(object, framework));
export const claim = (framework: string, object: wire.ObjectRef, commandId: string) =>
  call<wire.CommandResult>('PUT', item(object, framework, '/claim'), { commandId });
export const release = (framework: string, object: wire.ObjectRef, commandId: string) =>
  call<wire.CommandResult>('DELETE', item(object, framework, '/claim'), { commandId });
export const decide = (framework: string, body: wire.Decide, commandId: string) =>
  call<wire.CommandResult>('POST', `/moderation/decisions${query({ framework })}`, { body, commandId });
export const undo = (decision: string, commandId: string) =>
  call<wire.CommandResult>('DELETE', `/moderation/decisions/${decision}`, { commandId });
export const second = (decision: string, agrees: boolean, seen: string, commandId: string) =>
  call<wire.CommandResult>('POST', `/moderation/decisions/${decision}/second`, {
    body: { agrees, seen },
    commandId,
  });
export const appeal = (decision: string, statement: string, commandId: string) =>
  call<wire.CommandResult>('POST', '/appeals', { body: { decision, statement }, commandId });
export const decideAppeal = (appeal: string, reverse: boolean, answer: string, commandId: string) =>
  call<wire.CommandResult>('POST', `/appeals/${appeal}/decision`, { body: { reverse, answer }, commandId });
export const myReports = (after?: string) =>
  call<{ items: wire.Report[]; next: string | null }>('GET', `/me/reports${query({ after })}`);

export type NewNotice = { object: wire.ObjectRef; reason: wire.Reason; statement: string; contact?: string };
export const sendNotice = (body: NewNotice) => call<wire.MadeNotice>('POST', '/notices', { body });
export const noticeOutcome = (code: string) =>
  call<wire.NoticeOutcome>('POST', '/notices/outcome', { body: { code } });
export const moderationLog = (slug: string, after?: string) =>
  call<wire.Page<wire.LogEntry>>('GET', `/frameworks/${slug}/moderation-log${query({ after })}`);
export const moderationRecord = (slug: string) =>
  call<wire.ModerationRecord>('GET', `/frameworks/${slug}/moderation-record`);
/** Where the whole log is downloaded from. */
export const logFile = (slug: string, form: 'csv' | 'json') =>
  `/api/v1/frameworks/${slug}/moderation-log.${form}`;

/** All pages of a list, bounded so that a faulty cursor cannot loop for ever. */
export async function all<T>(
  fetchPage: (after?: string) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 50; pages += 1) {
    const page = await fetchPage(after);
    items.push(...page.items);
    if (!page.next) break;
    after = page.next;
  }
  return items;
}
