// Generated from the server's types: `UPDATE=1 cargo test types`. Do not edit.

/**
 * Taking what a link gives.
 */
export type AcceptInvitation = { 
/**
 * The link's token.
 */
token: string, 
/**
 * The viewpoint to declare; absent: it stays as it is.
 */
camp?: string, 
/**
 * Must be true where a viewpoint is declared: it is special-category data.
 */
consent?: boolean, };

/**
 * Would you accept this as part of a deal?
 */
export type Acceptance = "yes" | "with_changes" | "no" | "cannot_say";

/**
 * An account, to its owner.
 */
export type AccountView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its handle.
 */
handle: string, 
/**
 * Its display name.
 */
display_name: string | null, 
/**
 * `member` or `admin`: the role on the whole site.
 */
role: Role, 
/**
 * The interface language chosen.
 */
locale: string | null, };

/**
 * What a moderator does.
 */
export type Act = "hide" | "remove" | "restore" | "lock" | "unlock" | "move" | "split" | "warn" | "suspend" | "ban" | "lift" | "pause" | "resume" | "merge" | "approve" | "confirm_scope" | "hold";

/**
 * How often something was done.
 */
export type ActCount = { 
/**
 * What.
 */
action: Act, 
/**
 * By moderators.
 */
moderators: number, 
/**
 * By the count of what people said.
 */
automated: number, };

/**
 * How words stand again.
 */
export type AgainHow = "quote" | "copy" | "near" | "version";

/**
 * A place where the words of a thing stand again.
 */
export type AgainView = { 
/**
 * Where.
 */
object: ObjectRef, 
/**
 * How.
 */
how: AgainHow, 
/**
 * The words there, shortened.
 */
excerpt: string, 
/**
 * Since when.
 */
at: number, 
/**
 * What this moderator may do to it, for a decision about both.
 */
condition: ConditionView, };

/**
 * One's own answer.
 */
export type AnswerView = { 
/**
 * The card.
 */
concession: string, 
/**
 * The version that was judged.
 */
version: number, 
/**
 * Acceptance.
 */
acceptance: Acceptance, 
/**
 * Realism.
 */
realism: Realism | null, 
/**
 * Whether one would accept the question's point if the card were granted.
 */
unfreezes: Assent | null, 
/**
 * Whether it was dealt: only then it scores. Else it is a reaction: to a card one sought out,
 * or to words that the card had before.
 */
dealt: boolean, };

/**
 * What has become of an appeal.
 */
export type AppealState = "open" | "upheld" | "reversed";

/**
 * An appeal.
 */
export type AppealView = { 
/**
 * Its id.
 */
id: string, 
/**
 * When it was made.
 */
at: number, 
/**
 * What became of it.
 */
state: AppealState, 
/**
 * What its author says.
 */
statement: string | null, 
/**
 * What was answered.
 */
answer: string | null, 
/**
 * When.
 */
decided_at: number | null, };

/**
 * That a role was given or taken, without a name.
 */
export type AppointmentView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Of whom: the number that stands for them in the public log.
 */
alias: number, 
/**
 * The role before.
 */
was: Role, 
/**
 * The role since.
 */
role: Role, 
/**
 * When.
 */
at: number, };

/**
 * Would you accept the question's point as it stands?
 */
export type Assent = "yes" | "no" | "cannot_say";

/**
 * What others see of the person who wrote something.
 */
export type Author = { 
/**
 * Their account.
 */
id: string, 
/**
 * Their handle.
 */
handle: string, 
/**
 * Their display name.
 */
display_name: string | null, };

/**
 * Whose a thing is, to moderators: never their viewpoint.
 */
export type AuthorView = { 
/**
 * The account.
 */
id: string, 
/**
 * Its handle.
 */
handle: string, 
/**
 * Its name.
 */
display_name: string | null, 
/**
 * Since when it exists.
 */
since: number, 
/**
 * Whether its answers weigh in full.
 */
standing: boolean, 
/**
 * What it is here.
 */
role: Role, 
/**
 * The limit it is under.
 */
sanction: SanctionView | null, 
/**
 * What it wrote here.
 */
posts: PostCounts, 
/**
 * What was decided about it here, newest first, at most 50.
 */
past: Array<PastView>, 
/**
 * What this moderator may do to the account.
 */
condition: ConditionView, };

/**
 * One's own ballot.
 */
export type BallotView = { 
/**
 * The viewpoint now.
 */
camp: string | null, 
/**
 * The round.
 */
round: number, 
/**
 * Answers.
 */
answers: Array<AnswerView>, 
/**
 * The order.
 */
tiers: Array<Array<string>>, 
/**
 * Whether one accepts the question's point as it stands; `null` where not said.
 */
accepts: Assent | null, };

/**
 * One reason of a score.
 */
export type Because = { 
/**
 * How many times.
 */
count: number, 
/**
 * What it adds to the score.
 */
adds: number, } & ({ "why": "reported", "reason": Reason } | { "why": "noticed", "reason": Reason } | { "why": "held" } | { "why": "provisional" } | { "why": "second_wanted" } | { "why": "appealed" });

/**
 * A viewpoint; private for each person, bridging is counted per camp.
 */
export type Camp = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Localized, 
/**
 * Whether its acceptance counts for the order; a camp that does not count is shown beside,
 * without a veto.
 */
in_score: boolean, };

/**
 * A viewpoint one may declare.
 */
export type CampChoice = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Localized, };

/**
 * What one camp said of one card, as published.
 */
export type CampNumbers = { 
/**
 * Yes, with changes and no together.
 */
answered: number, 
/**
 * Yes.
 */
yes: number, 
/**
 * Only with changes.
 */
with_changes: number, 
/**
 * No.
 */
no: number, 
/**
 * Can't say.
 */
cannot_say: number, 
/**
 * How likely they find it.
 */
realism: RealismNumbers, 
/**
 * Lower end of the 80 % interval of the share of yes.
 */
low: number, 
/**
 * Upper end.
 */
high: number, };

/**
 * A text of a card.
 */
export type CardVersionView = { 
/**
 * Which.
 */
version: number, 
/**
 * In one line.
 */
title: string, 
/**
 * What would be done.
 */
body: string, 
/**
 * Sanitised HTML of the body.
 */
html: string, 
/**
 * What the giver would get.
 */
in_return: string | null, 
/**
 * Who would check.
 */
verifier: string, 
/**
 * By when or on what event.
 */
trigger: string | null, 
/**
 * When it was written.
 */
at: number, };

/**
 * The fields concessions fall into; none of them is territory.
 */
export type Category = "SEC-GUA" | "SEC-FOR" | "SEC-MON" | "SEC-NAG" | "SEC-HYB" | "NUC-ZNPP" | "NUC-NPT" | "ECO-SAN" | "ECO-REC" | "ECO-TRD" | "NAV" | "HUM-DET" | "HUM-ACC" | "RGT" | "POL" | "JUS" | "ENV" | "IMP" | "DIP";

/**
 * A signed word on where a stream stood. Signed is the canonical JSON of all fields but `key` and
 * `signature`.
 */
export type CheckpointView = { 
/**
 * The form of what is signed: 1.
 */
v: number, 
/**
 * The framework.
 */
framework: string, 
/**
 * The stream: `public` or `moderators`.
 */
stream: string, 
/**
 * The epoch it stood in.
 */
epoch: string, 
/**
 * Its last place then.
 */
seq: number, 
/**
 * The last link of its chain then: SHA-256, in hexadecimal.
 */
hash: string, 
/**
 * When.
 */
at: number, 
/**
 * The public key it was signed by: Ed25519, in hexadecimal.
 */
key: string, 
/**
 * The signature, in hexadecimal.
 */
signature: string, };

/**
 * A page of a stream's checkpoints, oldest first: to be saved, and given to `demarche verify`
 * later.
 */
export type CheckpointsView = { 
/**
 * The checkpoints.
 */
items: Array<CheckpointView>, 
/**
 * What to ask for next as `after`; `null` at the end.
 */
next: string | null, 
/**
 * The framework's epoch now.
 */
epoch: string, 
/**
 * The public key that signs now, in hexadecimal.
 */
key: string, };

/**
 * What a client sends.
 */
export type ClientFrame = { "type": "subscribe", 
/**
 * Comes back in the answer; 1 to 64 bytes.
 */
ref: string, 
/**
 * Whose stream.
 */
framework: string, 
/**
 * `public`, `moderators`, `account/<id>` or `tally/<question>`.
 */
stream: string, 
/**
 * With `after`: where one left off.
 */
epoch?: string, 
/**
 * The last place one has.
 */
after?: number, } | { "type": "unsubscribe", 
/**
 * Whose.
 */
framework: string, 
/**
 * Which.
 */
stream: string, } | { "type": "command", 
/**
 * Made and kept by the client before it sends.
 */
id: string, 
/**
 * Where.
 */
framework: string, 
/**
 * What.
 */
command: Command, } | { "type": "here", 
/**
 * In which framework.
 */
framework: string, 
/**
 * At which point.
 */
point?: number, };

/**
 * Stable words for what went wrong.
 */
export type Code = "bad_request" | "unknown_command" | "unauthenticated" | "second_factor_required" | "forbidden" | "not_found" | "conflict" | "id_reuse" | "closed" | "too_large" | "upgrade_required" | "rate_limited" | "slow_mode" | "overloaded" | "unavailable" | "unknown_outcome";

/**
 * A write. On the wire its `type` stands beside its fields; serde sees it outside
 * ([`strict::tagged`]), because only then a fault can name its field.
 */
export type Command = { "type": "join", 
/**
 * A camp's key.
 */
camp: string | null, 
/**
 * Must be true: a viewpoint is special-category data.
 */
consent: boolean, } | { "type": "leave", } | { "type": "mark_read", 
/**
 * The point's number.
 */
point: number, 
/**
 * A place in the public stream.
 */
seq: number, } | { "type": "post_thread", 
/**
 * On this point…
 */
point?: number, 
/**
 * …or under this card.
 */
concession?: string, 
/**
 * 1 to 160 graphemes.
 */
title: string, 
/**
 * The first comment: Markdown, 1 to 4,000 graphemes and 12 KiB.
 */
body: string, 
/**
 * What the first comment does.
 */
kind: CommentKind, 
/**
 * en, uk, ru or und.
 */
language?: string, } | { "type": "post_comment", 
/**
 * Where.
 */
thread: string, 
/**
 * Markdown, 1 to 4,000 graphemes and 12 KiB.
 */
body: string, 
/**
 * What it does in the argument.
 */
kind: CommentKind, 
/**
 * The comment it replies to.
 */
parent?: string, 
/**
 * en, uk, ru or und.
 */
language?: string, } | { "type": "edit_comment", 
/**
 * Which.
 */
comment: string, 
/**
 * The version that was edited.
 */
version: number, 
/**
 * Markdown.
 */
body?: string, 
/**
 * What it does in the argument.
 */
kind?: CommentKind, } | { "type": "delete_comment", 
/**
 * Which.
 */
comment: string, } | { "type": "propose_concession" } & ProposeConcession | { "type": "edit_concession" } & EditConcession | { "type": "withdraw_concession", 
/**
 * Which.
 */
concession: string, } | { "type": "merge_concession", 
/**
 * One's own card, which goes.
 */
from: string, 
/**
 * The card that stays, of the same question.
 */
into: string, } | { "type": "translate_concession" } & TranslateConcession | { "type": "review_translation", 
/**
 * The card.
 */
concession: string, 
/**
 * The translation that was read.
 */
translation: string, 
/**
 * Whether it is true; false takes it from view.
 */
accepts: boolean, } | { "type": "send_to_person", 
/**
 * Which.
 */
concession: string, } | { "type": "confirm_scope", 
/**
 * Which.
 */
concession: string, 
/**
 * The version that was read.
 */
version: number, 
/**
 * Whether it is about land.
 */
territorial: boolean, } | { "type": "deal_cards", 
/**
 * Of which question.
 */
question: string, } | { "type": "answer_card", 
/**
 * Which.
 */
concession: string, 
/**
 * The version that was judged.
 */
version: number, 
/**
 * Would you accept this as part of a deal?
 */
acceptance: Acceptance, 
/**
 * Would the giver really do it?
 */
realism?: Realism, 
/**
 * If this were granted, would you accept the question's point as it stands?
 */
unfreezes?: Assent, 
/**
 * The token of an anonymous hand, to redeem it.
 */
deal?: string, 
/**
 * What would have to change: public, becomes a comment on the card. At most 600 graphemes.
 */
note?: string, } | { "type": "withdraw_answer", 
/**
 * To which card.
 */
concession: string, } | { "type": "answer_point", 
/**
 * Of which question.
 */
question: string, 
/**
 * Whether one does.
 */
accepts: Assent, } | { "type": "set_order", 
/**
 * Of which question.
 */
question: string, 
/**
 * Best first; cards of a tier are level; accepted cards not named share the last tier.
 */
tiers: Array<Array<string>>, } | { "type": "report", 
/**
 * About what.
 */
object: ObjectRef, 
/**
 * Why.
 */
reason: Reason, 
/**
 * At most 600 graphemes, for moderators alone.
 */
note?: string, } | { "type": "decide" } & Decide | { "type": "second_decision", 
/**
 * Which.
 */
decision: string, 
/**
 * Whether it shall be so.
 */
agrees: boolean, 
/**
 * The fingerprint of what was looked at: one agrees to nothing that says something else
 * since.
 */
seen?: string, } | { "type": "undo_decision", 
/**
 * Which.
 */
decision: string, } | { "type": "claim", 
/**
 * Which.
 */
object: ObjectRef, 
/**
 * Let it go again.
 */
release?: boolean, } | { "type": "appeal", 
/**
 * To which.
 */
decision: string, 
/**
 * Why; 1 to 1,000 graphemes.
 */
statement: string, } | { "type": "decide_appeal", 
/**
 * Which.
 */
appeal: string, 
/**
 * Whether the decision is reversed.
 */
reverse: boolean, 
/**
 * What its author is told; 1 to 1,000 graphemes.
 */
answer: string, } | { "type": "open_round", 
/**
 * Of which question.
 */
question: string, 
/**
 * When its board shows; absent: as in the round before.
 */
reveal?: Reveal, 
/**
 * When the clock closes it, in unix milliseconds: ahead, and within 366 days. Absent: when
 * somebody does.
 */
closes_at?: number, } | { "type": "close_round", 
/**
 * Of which question.
 */
question: string, } | { "type": "set_closing", 
/**
 * Of which question.
 */
question: string, 
/**
 * In unix milliseconds: ahead, and within 366 days. `null` or absent: when somebody does.
 */
closes_at: number | null, } | { "type": "set_pace" } & PaceOrder | { "type": "invite" } & Invite | { "type": "accept_invitation" } & AcceptInvitation | { "type": "revoke_invitation", 
/**
 * Which.
 */
id: string, } | { "type": "set_role" } & SetRole | { "type": "set_visibility", 
/**
 * Whether anyone may.
 */
public: boolean, };

/**
 * What a command brought about; `{}` where there is nothing to say.
 */
export type CommandResult = { 
/**
 * The membership.
 */
membership?: MembershipView, 
/**
 * The thread.
 */
thread?: ThreadView, 
/**
 * The comment.
 */
comment?: CommentView, 
/**
 * The card.
 */
concession?: ConcessionView, 
/**
 * What the gate says of the card that was proposed or edited; offsets are into its fields as
 * they are now.
 */
scope?: Judgement, 
/**
 * The cards dealt.
 */
hand?: DealView, 
/**
 * The answer.
 */
answer?: AnswerView, 
/**
 * The ballot.
 */
ballot?: BallotView, 
/**
 * The decision.
 */
decision?: DecisionView, 
/**
 * The decisions, where several were made at once.
 */
decisions?: Array<DecisionView>, 
/**
 * The thing taken up from the queue, or let go.
 */
queued?: QueueEntry, 
/**
 * The report's id.
 */
report?: string, 
/**
 * The question whose round moved.
 */
question?: QuestionView, 
/**
 * The settings of the pace.
 */
pace?: Pace, 
/**
 * The link that was made.
 */
invitation?: InvitationView, 
/**
 * Whose role changed, and what it is now.
 */
team?: TeamMember, 
/**
 * How far one has read.
 */
read_seq?: number, };

/**
 * What holds a comment.
 */
export type CommentHeldBy = "first_posts" | "raid" | "words" | "wave";

/**
 * What a comment does in the argument.
 */
export type CommentKind = "remark" | "support" | "objection" | "question" | "evidence";

/**
 * Whether a comment shows.
 */
export type CommentState = "visible" | "held" | "hidden" | "removed" | "deleted";

/**
 * A comment; what the reader may not see is `null`.
 */
export type CommentView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its thread.
 */
thread: string, 
/**
 * The comment it replies to.
 */
parent: string | null, 
/**
 * Who wrote it.
 */
author: Author | null, 
/**
 * What it does.
 */
kind: CommentKind, 
/**
 * Markdown.
 */
body: string | null, 
/**
 * Sanitised HTML.
 */
html: string | null, 
/**
 * en, uk, ru or und.
 */
language: string, 
/**
 * Whether it shows.
 */
state: CommentState, 
/**
 * Counts edits.
 */
version: number, 
/**
 * When it was posted.
 */
created_at: number, 
/**
 * When it was edited.
 */
edited_at: number | null, 
/**
 * Direct replies that show.
 */
replies: number, 
/**
 * Why it waits for a moderator, to its author and to moderators; `null` where it does not.
 */
held: HeldView | null, };

/**
 * What shows under a card.
 */
export type ConcessionCounters = { 
/**
 * Its id.
 */
id: string, 
/**
 * Comments in its threads.
 */
comments: number, };

/**
 * Whether a card shows and ranks.
 */
export type ConcessionState = "held" | "provisional" | "ranked" | "withdrawn" | "merged" | "hidden" | "removed";

/**
 * A card; what the reader may not see is `null` or empty.
 */
export type ConcessionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The question it answers.
 */
question: string, 
/**
 * In one line.
 */
title: string | null, 
/**
 * What would be done.
 */
body: string | null, 
/**
 * Sanitised HTML of the body.
 */
html: string | null, 
/**
 * What the giver would get.
 */
in_return: string | null, 
/**
 * Who would check.
 */
verifier: string | null, 
/**
 * By when or on what event.
 */
trigger: string | null, 
/**
 * Keys of parties.
 */
receivers: Array<string>, 
/**
 * Its field.
 */
category: Category | null, 
/**
 * Points it bears on.
 */
points: Array<number>, 
/**
 * Where the idea was reported.
 */
sources: Array<Source>, 
/**
 * Who proposed it.
 */
author: Author | null, 
/**
 * Whether it shows and ranks.
 */
state: ConcessionState, 
/**
 * Counts edits.
 */
version: number, 
/**
 * When it was proposed.
 */
created_at: number, 
/**
 * From when it is dealt and answered.
 */
opens_at: number, 
/**
 * Whether its words are fixed, since people have judged them; only its author is told.
 */
fixed: boolean, 
/**
 * The card it grew out of.
 */
grew_out_of: string | null, 
/**
 * The card that grew out of it and shows.
 */
successor: string | null, 
/**
 * en, uk, ru or und.
 */
language: string, 
/**
 * Whether it is labelled sample data.
 */
sample: boolean, 
/**
 * The last version that changed what it says: only it and those since can be judged.
 */
material: number, 
/**
 * The card it was united with.
 */
merged_into: string | null, 
/**
 * By language: the one translation of each that is shown.
 */
translations: { [key in string]: TranslationView }, 
/**
 * By language: the latest of each that waits for a review beside the one that is shown.
 */
waiting_translations: { [key in string]: TranslationView }, };

/**
 * How a thing stands in front of whoever decides about it.
 */
export type ConditionView = { 
/**
 * What can be done to it; where one moderator is told, what they may do.
 */
acts: Array<Act>, 
/**
 * Of its words, its state and what was decided about it last: a decision names it in `seen`.
 */
fingerprint: string, };

/**
 * The numbers of the rule.
 */
export type CountedWith = { 
/**
 * The normal quantile of the intervals.
 */
z: number, 
/**
 * A camp's counts show from so many answers on.
 */
floor: number, 
/**
 * A card is ranked from so many answers of weight 1000 in every counting camp on.
 */
enough: number, 
/**
 * The score from which on a card has the badge.
 */
badge: number, };

/**
 * Counts that a change moved; absent where it moved none.
 */
export type Counters = { 
/**
 * The point's.
 */
point?: PointCounters, 
/**
 * The thread's.
 */
thread?: ThreadCounters, 
/**
 * The question's.
 */
question?: QuestionCounters, 
/**
 * The card's.
 */
concession?: ConcessionCounters, 
/**
 * How many things wait for moderators; on their stream alone.
 */
waiting?: number, };

/**
 * Cards to judge.
 */
export type DealView = { 
/**
 * A signed token of this hand, for visitors without an account.
 */
deal: string, 
/**
 * At most 5.
 */
cards: Array<ConcessionView>, 
/**
 * Until when they can be answered.
 */
expires_at: number, };

/**
 * A moderator's decision.
 */
export type Decide = { 
/**
 * About what.
 */
object: ObjectRef, 
/**
 * About what else, for the same reason: all of it or nothing, at most 100.
 */
also?: Array<ObjectRef>, 
/**
 * What is done.
 */
action: Act, 
/**
 * The published rule it rests on.
 */
rule: string, 
/**
 * The facts, told to the author and in the public log; 1 to 1,000 graphemes.
 */
facts: string, 
/**
 * How long a suspension lasts: 1 to 8,760, for `suspend` alone.
 */
duration_hours?: number, 
/**
 * The card to unite one with, for `merge` of a card; the card to put a thread under, for
 * `move`.
 */
into?: string, 
/**
 * The thread to unite one with, for `merge` of a thread: on the same point, or under the same
 * card.
 */
into_thread?: string, 
/**
 * The point to put a thread on, for `move`.
 */
point?: number, 
/**
 * What the new thread is called, for `split`; 1 to 160 graphemes.
 */
title?: string, 
/**
 * The fingerprints of what was looked at, of `object` and then of each in `also`: what says
 * something else, or was decided about, since then is not decided about.
 */
seen?: Array<string>, 
/**
 * The version of the comment, thread or card that was looked at: one edited since is not
 * decided about.
 */
version?: number, };

/**
 * What has become of a decision.
 */
export type DecisionState = "pending" | "done" | "refused" | "undone" | "overturned";

/**
 * A decision: in the public log, to whom it concerns, and to moderators. Moderators stay unnamed.
 */
export type DecisionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * When it was made.
 */
at: number, 
/**
 * What was done.
 */
action: Act, 
/**
 * The rule it rests on.
 */
rule: string, 
/**
 * The facts.
 */
facts: string, 
/**
 * About what; an account's id is left out of the public log.
 */
object: ObjectRef | null, 
/**
 * The kind of the object.
 */
kind: Kind, 
/**
 * Until when, for a suspension.
 */
until: number | null, 
/**
 * The card it was united with, for `merge`, or put under, for `move`.
 */
into: string | null, 
/**
 * The point it was put on, for `move`.
 */
point: number | null, 
/**
 * The thread it was united with, for `merge`.
 */
into_thread: string | null, 
/**
 * What the new thread is called, for `split`.
 */
title: string | null, 
/**
 * `moderator`, or `automated` where readers' words were counted.
 */
by: string, 
/**
 * The number of the moderator who decided, in this framework.
 */
alias: number | null, 
/**
 * Whether a second moderator, of another viewpoint, agreed.
 */
seconded: boolean, 
/**
 * The language of the thing.
 */
language: string | null, 
/**
 * What has become of it.
 */
state: DecisionState, 
/**
 * When it was refused, taken back or reversed.
 */
ended_at: number | null, 
/**
 * The appeal against it: its words show to its author and to moderators.
 */
appeal: AppealView | null, 
/**
 * Until when whom it concerns may appeal; only to them, and while there is no appeal.
 */
appeal_until: number | null, 
/**
 * Until when it can be taken back; only to moderators.
 */
undo_until: number | null, 
/**
 * Who decided; only to moderators.
 */
moderator: string | null, };

/**
 * A difference of two shares given by the same people, with its interval.
 */
export type Difference = { 
/**
 * Share with the card less the share without it, −1 to 1.
 */
difference: number, 
/**
 * Lower end of the 80 % interval.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How many people it is worth.
 */
n: number, };

/**
 * A comment that a wave repeats.
 */
export type EarlierView = { 
/**
 * Which.
 */
id: string, 
/**
 * Whether it shows.
 */
state: CommentState, 
/**
 * How it begins.
 */
excerpt: string, };

/**
 * A card's new terms.
 */
export type EditConcession = { 
/**
 * Which card.
 */
concession: string, 
/**
 * The version that was edited.
 */
version: number, 
/**
 * As in a proposal.
 */
title: string, 
/**
 * As in a proposal.
 */
body: string, 
/**
 * As in a proposal.
 */
in_return?: string, 
/**
 * As in a proposal.
 */
verifier: string, 
/**
 * As in a proposal.
 */
trigger?: string, };

/**
 * One change of a stream.
 */
export type Event = { 
/**
 * Whose.
 */
framework: string, 
/**
 * `public`, `moderators` or `account/<id>`.
 */
stream: string, 
/**
 * Positions of another epoch are void.
 */
epoch: string, 
/**
 * Its place, without gaps, from 1.
 */
seq: number, 
/**
 * What happened. A node of a later version may have written a kind that this one does not
 * know: its object is `{ id }`.
 */
kind: EventKind, 
/**
 * The object as it is now, and counters.
 */
data: EventData, };

/**
 * What a change carries.
 */
export type EventData = { 
/**
 * The object as the audience may see it.
 */
object: EventObject, 
/**
 * Absolute counts after the change.
 */
counters: Counters, };

/**
 * The kinds of changes.
 */
export type EventKind = "thread_opened" | "thread_changed" | "comment_posted" | "comment_changed" | "concession_proposed" | "concession_changed" | "framework_changed" | "decision_made" | "report_made" | "queue_changed" | "point_changed" | "appeal_changed" | "ballot_changed" | "membership_changed" | "question_changed" | "notice" | "team_changed";

/**
 * The object of a change, told apart by the event's kind.
 */
export type EventObject = CommentView | ConcessionView | ThreadView | { 
/**
 * Whose.
 */
id: string, 
/**
 * What slows the debate down.
 */
pace: Pace, 
/**
 * Whether posting is paused, by either.
 */
paused: boolean, 
/**
 * Whether this framework is paused.
 */
paused_here: boolean, 
/**
 * Whether the whole site is paused.
 */
paused_site: boolean, } | QueueEntry | DecisionView | QuestionView | MembershipView | AppointmentView | { 
/**
 * Which question's.
 */
question: string, } | { 
/**
 * Its id.
 */
id: string, };

/**
 * One thing wrong with one field.
 */
export type Fault = { 
/**
 * The field as the client named it, `a.b` for a nested one; empty for the whole body.
 */
field: string, 
/**
 * A stable word a program can act on: `required`, `too_long`, `too_short`, `invalid`, `taken`,
 * …
 */
code: string, 
/**
 * One sentence for a person.
 */
detail: string, 
/**
 * Which characters of the field it is about, where it is about some of them: first and past
 * the last.
 */
span?: [number, number], };

/**
 * What can be found.
 */
export type Findable = "thread" | "comment" | "concession";

/**
 * Something that was found.
 */
export type FoundView = { 
/**
 * What it is.
 */
kind: Findable, 
/**
 * Its id.
 */
id: string, 
/**
 * The framework it stands in.
 */
framework: string, 
/**
 * That framework's name in addresses.
 */
slug: string, 
/**
 * The title: its own, a card's in the language in which it was found, or that of a comment's
 * thread; empty for one that has none.
 */
title: string, 
/**
 * A piece of it, as plain text.
 */
snippet: string, 
/**
 * Where the words stand in the snippet: start and end, in UTF-16 code units.
 */
matches: Array<[number, number]>, 
/**
 * A comment's thread, or the thread itself.
 */
thread: string | null, 
/**
 * The point it is about, by number.
 */
point: number | null, 
/**
 * The card it is, or is about.
 */
concession: string | null, 
/**
 * The question of a card.
 */
question: string | null, 
/**
 * Who wrote it.
 */
author: Author, 
/**
 * When.
 */
created_at: number, };

/**
 * A framework in a list.
 */
export type FrameworkEntry = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name in addresses.
 */
slug: string, 
/**
 * Its title.
 */
title: string, 
/**
 * The current revision's number.
 */
revision: number, 
/**
 * How many points it has.
 */
points: number, 
/**
 * `public` or `private`.
 */
visibility: string, };

/**
 * A framework as one reader sees it.
 */
export type FrameworkView = { 
/**
 * The streams this reader may subscribe to.
 */
streams: Array<string>, 
/**
 * How many people are here now.
 */
here: number, 
/**
 * The quiet hours that it is, or the next ones.
 */
quiet_window: QuietWindow | null, 
/**
 * The reader.
 */
you: YouView | null, 
/**
 * Its id.
 */
id: string, 
/**
 * Its name in addresses.
 */
slug: string, 
/**
 * Its title.
 */
title: string, 
/**
 * A few sentences.
 */
summary: string, 
/**
 * Up to when its texts were checked.
 */
as_of: string, 
/**
 * The epoch of its streams.
 */
epoch: string, 
/**
 * The place in `public` it was read at.
 */
seq: number, 
/**
 * What slows the debate down: all that is applied is public.
 */
pace: Pace, 
/**
 * The current revision.
 */
revision: RevisionEntry, 
/**
 * All revisions, oldest first.
 */
revisions: Array<RevisionEntry>, 
/**
 * The sides it speaks of.
 */
parties: Array<Party>, 
/**
 * Viewpoints.
 */
camps: Array<Camp>, 
/**
 * What the words in points mean.
 */
legends: Legends, 
/**
 * Points of the current revision.
 */
points: Array<PointEntry>, 
/**
 * What is asked.
 */
questions: Array<QuestionView>, 
/**
 * Whether posting is paused, by either.
 */
paused: boolean, 
/**
 * Whether this framework is paused.
 */
paused_here: boolean, 
/**
 * Whether the whole site is paused.
 */
paused_site: boolean, };

/**
 * Where a stream stands.
 */
export type Head = { 
/**
 * Whose.
 */
framework: string, 
/**
 * Which.
 */
stream: string, 
/**
 * Its epoch.
 */
epoch: string, 
/**
 * Its last place.
 */
seq: number, };

/**
 * The camp that accepts a card least.
 */
export type HeldBack = { 
/**
 * Its key.
 */
camp: string, 
/**
 * Its share of yes, 0 to 1.
 */
share: number, 
/**
 * Lower end of its interval.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How many of it answered.
 */
answered: number, };

/**
 * What took a card out of view until a person has looked.
 */
export type HeldBy = "review" | "stop" | "people" | "raid" | "words";

/**
 * What a moderator sees of a held comment, or of a wave of them.
 */
export type HeldItem = { 
/**
 * By what.
 */
by: CommentHeldBy, 
/**
 * By which word of the list.
 */
matched: MatchedWord | null, 
/**
 * How many comments a decision is about.
 */
comments: number, 
/**
 * Those that say nearly the same, were posted before, and were not held.
 */
earlier: Array<EarlierView>, };

/**
 * Why a comment is held, to its author and to moderators.
 */
export type HeldView = { 
/**
 * By what.
 */
by: CommentHeldBy, 
/**
 * By which word of the list.
 */
matched: MatchedWord | null, 
/**
 * Whether it is decided about together with others.
 */
wave: boolean, 
/**
 * Since when.
 */
since: number, };

/**
 * A host's page.
 */
export type HostPage = { 
/**
 * rules, privacy, contact or about.
 */
key: string, 
/**
 * The language it is in.
 */
locale: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Sanitised HTML.
 */
html: string, };

/**
 * A link that was made.
 */
export type InvitationView = { 
/**
 * Its id, to revoke it.
 */
id: string, 
/**
 * The role it gives.
 */
role: Role, 
/**
 * The viewpoint it suggests.
 */
camp: string | null, 
/**
 * The points its moderator is limited to; `null`: all.
 */
points: Array<number> | null, 
/**
 * The languages they are limited to; `null`: all.
 */
languages: Array<string> | null, 
/**
 * How many may accept it.
 */
uses: number, 
/**
 * How many did.
 */
used: number, 
/**
 * When it was made.
 */
created_at: number, 
/**
 * When it ends.
 */
expires_at: number, 
/**
 * Whether it was revoked.
 */
revoked: boolean, 
/**
 * Its token, told this once: a repeat of the command does not have it, and nothing keeps it.
 */
token?: string, };

/**
 * A link that gives a role, or lets people take part.
 */
export type Invite = { 
/**
 * `participant`, `moderator`, `mediator` or `owner`; `member` reads as `participant`.
 */
role: Role, 
/**
 * A viewpoint suggested to whoever accepts; taken only with their consent.
 */
camp?: string, 
/**
 * The points a moderator's decisions are limited to; absent: all.
 */
points?: Array<number>, 
/**
 * The languages they are limited to, of en, uk, ru, und; absent: all.
 */
languages?: Array<string>, 
/**
 * For how long, 1 to 720.
 */
hours: number, 
/**
 * How many may accept, 1 to 1,000.
 */
uses: number, };

/**
 * What a link gives, to whoever holds it.
 */
export type InvitedView = { 
/**
 * The framework's title.
 */
title: string, 
/**
 * Its name in addresses.
 */
slug: string, 
/**
 * The role.
 */
role: Role, 
/**
 * The viewpoint it suggests.
 */
camp: string | null, 
/**
 * The viewpoints there are.
 */
camps: Array<CampChoice>, 
/**
 * The points a moderator is limited to; `null`: all.
 */
points: Array<number> | null, 
/**
 * The languages they are limited to; `null`: all.
 */
languages: Array<string> | null, 
/**
 * When it ends.
 */
expires_at: number, };

/**
 * A card in the order.
 */
export type Item = { 
/**
 * The card.
 */
concession: string, 
/**
 * Its place from 1; cards that are tied share it. `null` where only a part of the board shows.
 */
rank: number | null, 
/**
 * Whether it shares its place.
 */
tied: boolean, 
/**
 * `B`: the least lower bound over the counting camps.
 */
bridging: number, 
/**
 * Both sides could live with it: `B` at or above 0.5.
 */
badge: boolean, 
/**
 * What holds it back.
 */
held_back_by: HeldBack, 
/**
 * Realism over all camps.
 */
realism: RealismNumbers, 
/**
 * Numbers per camp.
 */
camps: { [key in string]: CampNumbers | null }, };

/**
 * A text a thing has, or had.
 */
export type ItemText = { 
/**
 * Which version.
 */
version: number, 
/**
 * A card's title.
 */
title: string | null, 
/**
 * As it was typed.
 */
body: string, 
/**
 * Since when; 0 where nobody noted it.
 */
at: number, };

/**
 * A thing in front of a moderator, whole. Each look is noted.
 */
export type ItemView = { 
/**
 * Which.
 */
object: ObjectRef, 
/**
 * How it stands in the queue; `null` where it does not wait.
 */
waiting: QueueEntry | null, 
/**
 * The thread to look at.
 */
thread: string | null, 
/**
 * On or under which point.
 */
point: number | null, 
/**
 * Everything it ever said, oldest first.
 */
texts: Array<ItemText>, 
/**
 * The comment, whole.
 */
comment: CommentView | null, 
/**
 * The card, whole.
 */
concession: ConcessionView | null, 
/**
 * Open reports, newest first, at most 200.
 */
reports: Array<ReportedView>, 
/**
 * Open notices, newest first, at most 200.
 */
notices: Array<NoticeView>, 
/**
 * What was decided about it, newest first, at most 50, with what waits for a second moderator.
 */
decisions: Array<DecisionView>, 
/**
 * Whose it is.
 */
author: AuthorView | null, 
/**
 * How a card stands with the scope rule.
 */
scope: ScopeCaseView | null, 
/**
 * What holds a comment, and the wave it is in.
 */
held: HeldItem | null, 
/**
 * Whether removing a card and banning take a second moderator here.
 */
second_wanted: boolean, 
/**
 * Where its words stand again and show, the newest first, at most 20.
 */
again: Array<AgainView>, 
/**
 * How many times moderators opened it before.
 */
looks: number, 
/**
 * What this moderator may do to it.
 */
condition: ConditionView, };

/**
 * The gate's word on a proposal.
 */
export type Judgement = { 
/**
 * The strongest verdict of any match.
 */
verdict: Verdict, 
/**
 * What led to it, in the order of the fields and of the text.
 */
matches: Array<Match>, };

/**
 * The kinds of things.
 */
export type Kind = "comment" | "thread" | "concession" | "account" | "framework" | "site";

/**
 * One row.
 */
export type LedgerRow = { 
/**
 * A viewpoint's key, a language, or `other`.
 */
key: string, 
/**
 * Cards proposed.
 */
proposed: number, 
/**
 * Stopped by the gate, of those proposed.
 */
stopped: Share, 
/**
 * Held by the gate for a look, of those proposed.
 */
reviewed: Share, 
/**
 * Held by people, of those proposed.
 */
flagged: Share, 
/**
 * Released again, of those held: reworded or put back by a person.
 */
released: Share, 
/**
 * Ranked in the very words that were held, of those held: the hold was wrong.
 */
reversed: Share, 
/**
 * How long a hold lasted, in hours: the median of those that ended.
 */
hold_hours: number | null, };

/**
 * What the words in the points mean, by word.
 */
export type Legends = { 
/**
 * By [`Status`].
 */
status: { [key in string]: string }, 
/**
 * By a source's `evidence`.
 */
evidence: { [key in string]: string }, 
/**
 * By a point's `verification`.
 */
verification: { [key in string]: string }, };

/**
 * Which part of the published rule is touched.
 */
export type Letter = "a" | "b" | "c" | "d" | "e" | "X-EDGE";

/**
 * What a server allows.
 */
export type Limits = { 
/**
 * Bytes of a frame.
 */
frame: number, 
/**
 * Commands a minute.
 */
commands_per_minute: number, 
/**
 * Streams followed.
 */
subscriptions: number, };

/**
 * How a point of one revision became points of the next.
 */
export type Lineage = { 
/**
 * What happened.
 */
relation: Relation, 
/**
 * Numbers in the older revision.
 */
from: Array<number>, 
/**
 * Numbers in the newer revision.
 */
to: Array<number>, 
/**
 * Why we say so.
 */
reason: string, 
/**
 * What the claim stands on.
 */
basis: string | null, 
/**
 * Addresses of sources.
 */
sources: Array<string>, 
/**
 * What the newer text added.
 */
new_elements: Array<string>, };

/**
 * What happens to links to a domain.
 */
export type LinkEffect = "block" | "label";

/**
 * One entry of the link policy.
 */
export type LinkRule = { 
/**
 * As in `example.org`, in any script.
 */
domain: string, 
/**
 * What happens.
 */
effect: LinkEffect, 
/**
 * As in "state media"; needed to label.
 */
label: string | null, };

/**
 * A list that no stream continues.
 */
export type List<T> = { 
/**
 * The entries.
 */
items: Array<T>, 
/**
 * What to ask for next as `after`; `null` at the end.
 */
next: string | null, };

/**
 * A text in the interface's languages; missing ones fall back to English.
 */
export type Localized = { 
/**
 * English.
 */
en: string, 
/**
 * Ukrainian.
 */
uk: string, 
/**
 * Russian.
 */
ru: string, };

/**
 * A notice that was taken.
 */
export type MadeNoticeView = { 
/**
 * Its id.
 */
id: string, 
/**
 * With this one can ask what became of it; it is shown once.
 */
code: string, };

/**
 * Words that made the gate hesitate.
 */
export type Match = { 
/**
 * The field they stand in, as the caller named it; empty for a single text.
 */
field: string, 
/**
 * Where they start: an offset into the text as typed, in Unicode scalar values (neither bytes
 * nor UTF-16 units).
 */
start: number, 
/**
 * Where they end, exclusive, in the same units.
 */
end: number, 
/**
 * The id of the rule they touch.
 */
rule: string, };

/**
 * The entry of the word list that holds a text.
 */
export type MatchedWord = { 
/**
 * The word, as the list has it.
 */
word: string, 
/**
 * Why it is there.
 */
why: string, };

/**
 * An account and what it is where.
 */
export type MeView = { 
/**
 * The account.
 */
account: AccountView, 
/**
 * Its memberships.
 */
memberships: Array<MembershipView>, 
/**
 * Since when a second factor is asked for; `null`: there is none.
 */
second_factor: number | null, };

/**
 * The middle of some times and where it may as well lie, in hours.
 */
export type Median = { 
/**
 * The median.
 */
hours: number, 
/**
 * Lower end of its 80 % interval.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * Of how many times.
 */
of: number, };

/**
 * What an account is in a framework.
 */
export type MembershipView = { 
/**
 * Where.
 */
framework: string, 
/**
 * The viewpoint; `null` is "rather not say".
 */
camp: string | null, 
/**
 * The role.
 */
role: Role, 
/**
 * The points one's decisions are limited to; `null`: all.
 */
points: Array<number> | null, 
/**
 * The languages they are limited to; `null`: all.
 */
languages: Array<string> | null, 
/**
 * The number by which the public log names one, if one has or had a role.
 */
alias: number | null, 
/**
 * When the viewpoint may change again.
 */
camp_may_change_at: number, };

/**
 * How a subscription starts.
 */
export type Mode = "resumed" | "snapshot";

/**
 * The whole record.
 */
export type ModerationRecord = { 
/**
 * Everything that took effect, by act, the most frequent first.
 */
acts: Array<ActCount>, 
/**
 * All together.
 */
total: RecordRow, 
/**
 * By the viewpoint of whom it concerned, on the day of the decision.
 */
camps: Array<RecordRow>, 
/**
 * By language.
 */
languages: Array<RecordRow>, 
/**
 * The least number of people of a row by viewpoint.
 */
floor: number, };

/**
 * A new account.
 */
export type NewAccountView = { 
/**
 * The account.
 */
account: AccountView, 
/**
 * Shown this once.
 */
recovery_codes: Array<string>, };

/**
 * The key of a second factor that is not confirmed yet.
 */
export type NewSecondFactorView = { 
/**
 * The key in base32, to be typed into an app; shown this once.
 */
secret: string, 
/**
 * The same as an `otpauth:` address, for a QR code.
 */
uri: string, };

/**
 * A new API token.
 */
export type NewTokenView = { 
/**
 * Its id, to end it.
 */
id: string, 
/**
 * The token, shown this once: `Authorization: Bearer …`.
 */
token: string, 
/**
 * What it may.
 */
scope: Scope, 
/**
 * When it ends.
 */
expires_at: number, };

/**
 * What became of a notice.
 */
export type NoticeOutcomeView = { 
/**
 * About what.
 */
object: ObjectRef, 
/**
 * Why.
 */
reason: Reason, 
/**
 * When.
 */
at: number, 
/**
 * What became of it; `null` while it waits.
 */
outcome: OutcomeView | null, };

/**
 * A notice by somebody without an account, to moderators.
 */
export type NoticeView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Why.
 */
reason: Reason, 
/**
 * What is wrong.
 */
statement: string, 
/**
 * How to reach them.
 */
contact: string | null, 
/**
 * When.
 */
at: number, };

/**
 * Which thing.
 */
export type ObjectRef = { 
/**
 * Of what kind.
 */
kind: Kind, 
/**
 * Its id.
 */
id: string, };

/**
 * Second opinions of one ranked card.
 */
export type OpinionItem = { 
/**
 * The card.
 */
concession: string, 
/**
 * Its place on the board of the same ballots.
 */
rank: number | null, 
/**
 * Approval: the share of yes by weight over all camps that show, 0 to 1.
 */
approval: number, 
/**
 * Group-informed consensus over the camps that count, 0 to 1.
 */
consensus: number, 
/**
 * Mean position among the cards a person judged, 1 best and 0 last; `null` if nobody judged
 * another card too.
 */
borda: number | null, 
/**
 * Place in the camp-balanced Schulze order of the ranked cards.
 */
schulze: Rank, };

/**
 * What other ways of counting say of the same ballots; never the order.
 */
export type OpinionsView = { 
/**
 * The question.
 */
question: string, 
/**
 * The round.
 */
round: number, 
/**
 * How many ballot changes they hold: fewer than the board's where they are older.
 */
at_seq: number, 
/**
 * Whether nothing shows yet: they show where the whole board does.
 */
hidden: boolean, 
/**
 * Why: `answer_first` or `until_close`.
 */
reason?: string, 
/**
 * Ranked cards, in the order of the board of the same ballots.
 */
items: Array<OpinionItem>, 
/**
 * Cards of which it shows, for some camp, whether they would unfreeze the question's point;
 * oldest first.
 */
unfreeze: Array<UnfreezeItem>, };

/**
 * What became of a report or notice.
 */
export type OutcomeView = { 
/**
 * What was done; null where nobody decided.
 */
action: Act | null, 
/**
 * The rule.
 */
rule: string | null, 
/**
 * What has become of that.
 */
state: DecisionState | null, 
/**
 * Whether nobody decided, since its author took the thing back.
 */
taken_back: boolean, 
/**
 * When.
 */
at: number, };

/**
 * The settings, as they are kept and published.
 */
export type Pace = { 
/**
 * Counts changes; 0 where nobody has set anything.
 */
version: number, 
/**
 * Seconds between two posts of one account anywhere in the framework.
 */
slow_seconds: number | null, 
/**
 * Seconds between two posts of one account on single points.
 */
slow_points: Array<SlowPoint>, 
/**
 * Points on which posting is paused, by number.
 */
paused_points: Array<number>, 
/**
 * How many comments of an account without standing a moderator looks at before its posts show
 * at once.
 */
first_posts: number, 
/**
 * Raid mode, where it was switched on; it may have ended by itself ([`Raid::on`]).
 */
raid: Raid | null, 
/**
 * When posting is paused by the clock.
 */
quiet: Quiet | null, 
/**
 * Words that hold or refuse a text.
 */
words: Array<WordRule>, 
/**
 * Domains that are blocked or labelled.
 */
links: Array<LinkRule>, };

/**
 * The settings as somebody wants them: the whole document.
 */
export type PaceOrder = { 
/**
 * The version that was changed.
 */
version: number, 
/**
 * Seconds between two posts, 10 to 86,400; `null` or absent: as fast as one likes.
 */
slow_seconds: number | null, 
/**
 * As above, on single points.
 */
slow_points: Array<SlowPoint>, 
/**
 * Points on which posting is paused.
 */
paused_points: Array<number>, 
/**
 * 0 to 5.
 */
first_posts: number, 
/**
 * Raid mode; `null` or absent: off.
 */
raid: RaidOrder | null, 
/**
 * Quiet hours; `null` or absent: none.
 */
quiet: Quiet | null, 
/**
 * At most 100 entries.
 */
words: Array<WordRule>, 
/**
 * At most 200 entries.
 */
links: Array<LinkRule>, };

/**
 * One page of a list, stitched to the streams by `epoch` and `seq`.
 */
export type Page<T> = { 
/**
 * The entries.
 */
items: Array<T>, 
/**
 * What to ask for next as `after`; `null` at the end.
 */
next: string | null, 
/**
 * The framework's epoch.
 */
epoch: string, 
/**
 * The place in the public stream the page was read at.
 */
seq: number, };

/**
 * A negotiating side.
 */
export type Party = { 
/**
 * Its key, as in `positions[].party`.
 */
key: string, 
/**
 * Its name.
 */
name: Localized, 
/**
 * The key of the camp whose viewpoint is this side's, where there is one: who may know best
 * what it would do.
 */
camp?: string, };

/**
 * A decision about somebody, in short.
 */
export type PastView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What was done.
 */
action: Act, 
/**
 * The rule.
 */
rule: string, 
/**
 * What has become of it.
 */
state: DecisionState, 
/**
 * When.
 */
at: number, };

/**
 * What shows on a point.
 */
export type PointCounters = { 
/**
 * Its number.
 */
number: number, 
/**
 * Threads.
 */
threads: number, 
/**
 * Comments in them.
 */
comments: number, };

/**
 * A point in a list.
 */
export type PointEntry = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its number.
 */
number: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Its field.
 */
category: string, 
/**
 * How settled it is.
 */
status: Status, 
/**
 * By whom.
 */
status_by: string, 
/**
 * Our paraphrase, not a quotation.
 */
summary: string, 
/**
 * Threads that show.
 */
threads: number, 
/**
 * Comments that show.
 */
comments: number, };

/**
 * Somebody's last post on a point.
 */
export type PointPost = { 
/**
 * The point's number.
 */
point: number, 
/**
 * When.
 */
at: number, };

/**
 * Which point, by id's stand-in and number.
 */
export type PointRef = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its number.
 */
number: number, };

/**
 * The text of a point of any revision.
 */
export type PointText = { 
/**
 * Its number.
 */
number: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Its field.
 */
category: string, 
/**
 * How settled it is.
 */
status: Status, 
/**
 * By whom.
 */
status_by: string, 
/**
 * Our paraphrase, not a quotation.
 */
summary: string, };

/**
 * A point in full.
 */
export type PointView = { 
/**
 * What a reader should know besides.
 */
notes: string | null, 
/**
 * How well the text was seen: a key of the legend.
 */
verification: string, 
/**
 * What parties were reported to say.
 */
positions: Array<Position>, 
/**
 * Where the text comes from.
 */
sources: Array<Source>, 
/**
 * Where it came from.
 */
lineage: Array<Lineage>, 
/**
 * How far the reader has read, a place in `public`.
 */
read_seq: number | null, 
/**
 * When that was.
 */
read_at: number | null, 
/**
 * People here now.
 */
here: number, 
/**
 * The framework's epoch.
 */
epoch: string, 
/**
 * The place in `public` it was read at.
 */
seq: number, 
/**
 * Its id.
 */
id: string, 
/**
 * Its number.
 */
number: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Its field.
 */
category: string, 
/**
 * How settled it is.
 */
status: Status, 
/**
 * By whom.
 */
status_by: string, 
/**
 * Our paraphrase, not a quotation.
 */
summary: string, 
/**
 * Threads that show.
 */
threads: number, 
/**
 * Comments that show.
 */
comments: number, };

/**
 * What a party was reported to say about a point.
 */
export type Position = { 
/**
 * A party's key.
 */
party: string, 
/**
 * Our paraphrase of the statement.
 */
text: string, 
/**
 * Whether the statement was about this point, not about the whole text.
 */
point_specific: boolean, 
/**
 * When it was made.
 */
stated_on: string | null, 
/**
 * Where it was reported.
 */
sources: Array<Source>, };

/**
 * How much somebody wrote in a framework.
 */
export type PostCounts = { 
/**
 * Comments that show.
 */
comments: number, 
/**
 * Comments that moderators took from view.
 */
taken: number, 
/**
 * Cards.
 */
concessions: number, };

/**
 * What the pace means for the reader's next post.
 */
export type PostingView = { 
/**
 * Their last post here, where slow mode is on.
 */
last_at: number | null, 
/**
 * Their last posts on points, where slow mode is on.
 */
points: Array<PointPost>, 
/**
 * How many of their posts a moderator still has to look at first.
 */
first_posts: number, 
/**
 * How long a held post usually waits, in hours.
 */
usual_hours: number | null, };

/**
 * What an account wrote.
 */
export type PostsView = { 
/**
 * Its cards, newest first, at most 100.
 */
concessions: Array<ConcessionView>, 
/**
 * Its comments, newest first, at most 100.
 */
comments: Array<CommentView>, 
/**
 * What moderators decided about its posts, newest first, at most 100.
 */
decisions: Array<DecisionView>, };

/**
 * A problem.
 */
export type Problem = { 
/**
 * What went wrong.
 */
code: Code, 
/**
 * In a few words.
 */
title: string, 
/**
 * In a sentence.
 */
detail: string, 
/**
 * Faults of single fields.
 */
fields?: Array<Fault>, 
/**
 * Whether sending the same again, with the same id, can succeed.
 */
retryable: boolean, 
/**
 * When to try again, in milliseconds.
 */
retry_after_ms?: number, };

/**
 * A new card.
 */
export type ProposeConcession = { 
/**
 * The question it answers.
 */
question: string, 
/**
 * 1 to 160 graphemes.
 */
title: string, 
/**
 * What exactly would be done: Markdown, 1 to 1,200 graphemes.
 */
body: string, 
/**
 * What the giver would get, at most 400 graphemes.
 */
in_return?: string, 
/**
 * Who would check, 1 to 400 graphemes.
 */
verifier: string, 
/**
 * By when or on what event, at most 400 graphemes.
 */
trigger?: string, 
/**
 * Keys of parties, at most 8.
 */
receivers?: Array<string>, 
/**
 * Its field.
 */
category?: Category, 
/**
 * Numbers of points it bears on, at most 12.
 */
points?: Array<number>, 
/**
 * en, uk, ru or und.
 */
language?: string, 
/**
 * The author states that it changes nothing about land; must be true.
 */
not_about_land: boolean, 
/**
 * One's own card of the same question that it grew out of: what one has learned since goes
 * into a new card, which nobody has judged.
 */
grew_out_of?: string, };

/**
 * A text in the languages of the interface.
 */
export type PublishedRule = { 
/**
 * In English; this text decides.
 */
en: string, 
/**
 * In Ukrainian.
 */
uk: string, 
/**
 * In Russian.
 */
ru: string, };

/**
 * What shows under a question.
 */
export type QuestionCounters = { 
/**
 * Its id.
 */
id: string, 
/**
 * Live cards.
 */
cards: number, };

/**
 * Whether a question takes answers.
 */
export type QuestionState = "open" | "closed";

/**
 * A question.
 */
export type QuestionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * A stable name.
 */
key: string, 
/**
 * The prompt.
 */
prompt: Localized, 
/**
 * The party that would give.
 */
giver: string, 
/**
 * The point it should unfreeze.
 */
point: number, 
/**
 * Whether it takes answers.
 */
state: QuestionState, 
/**
 * The current round, from 1.
 */
round: number, 
/**
 * When the board shows.
 */
reveal: Reveal, 
/**
 * Live cards.
 */
cards: number, 
/**
 * When the present round was opened, where that is known.
 */
opened_at: number | null, 
/**
 * When the clock closes it; `null`: when somebody does.
 */
closes_at: number | null, 
/**
 * When it was closed.
 */
closed_at: number | null, };

/**
 * A thing that waits, as the queue lists it: without whose it is.
 */
export type QueueEntry = { 
/**
 * Which.
 */
object: ObjectRef, 
/**
 * Its words, as far as moderators see them.
 */
excerpt: string | null, 
/**
 * On or under which point.
 */
point: number | null, 
/**
 * In which language.
 */
language: string | null, 
/**
 * How soon somebody should look: the sum of what the reasons add.
 */
score: number, 
/**
 * The reasons, the heaviest first.
 */
because: Array<Because>, 
/**
 * Since when.
 */
opened_at: number, 
/**
 * Which moderator looks at it.
 */
claimed_by: string | null, 
/**
 * Until when it is theirs.
 */
claimed_until: number | null, 
/**
 * What can be done to it as it stands.
 */
condition: ConditionView, };

/**
 * A part of the queue, most urgent first.
 */
export type QueuePage = { 
/**
 * The things.
 */
items: Array<QueueEntry>, 
/**
 * What to ask for next as `after`; `null` at the end.
 */
next: string | null, 
/**
 * How many wait in the framework, whatever the filter.
 */
waiting: number, 
/**
 * Whether removing a card and banning take a second moderator here.
 */
second_wanted: boolean, };

/**
 * From when to when posting is paused, every day.
 */
export type Quiet = { 
/**
 * Begins, `HH:MM`.
 */
from: string, 
/**
 * Ends, `HH:MM`; before `from` it is on the next day.
 */
to: string, 
/**
 * Whose clock: a name of the IANA database, as `Europe/Kyiv`.
 */
zone: string, };

/**
 * One night, in unix milliseconds.
 */
export type QuietWindow = { 
/**
 * Begins.
 */
starts_at: number, 
/**
 * Ends.
 */
ends_at: number, };

/**
 * Raid mode: no viewpoint is joined, and what new accounts post is held.
 */
export type Raid = { 
/**
 * Since when, in unix milliseconds.
 */
since: number, 
/**
 * What the person who switched it on is here; never who.
 */
by: Role, 
/**
 * When it ends by itself; `null`: when somebody ends it.
 */
ends_at: number | null, };

/**
 * Raid mode as somebody wants it.
 */
export type RaidOrder = { 
/**
 * When it ends by itself, in unix milliseconds, within 31 days; `null` or absent: when
 * somebody ends it.
 */
ends_at: number | null, };

/**
 * A place in an order.
 */
export type Rank = { 
/**
 * From 1: one more than the number of cards that beat it.
 */
rank: number, 
/**
 * Whether another card has the same place.
 */
tied: boolean, };

/**
 * A ranked card as published.
 */
export type RankedCard = { 
/**
 * The card.
 */
card: string, 
/**
 * Its place; tied cards share it.
 */
rank: number | null, 
/**
 * Whether it shares its place.
 */
tied: boolean, 
/**
 * The score.
 */
bridging: number, 
/**
 * Both sides could live with it.
 */
badge: boolean, 
/**
 * What holds it back.
 */
held_back_by: HeldBack, 
/**
 * Realism over all camps that show.
 */
realism: RealismNumbers, 
/**
 * Numbers per camp; `null` below the floor.
 */
camps: { [key in string]: CampNumbers | null }, 
/**
 * Second opinions.
 */
second_opinions: SecondOpinions | null, };

/**
 * Would the giver really do it?
 */
export type Realism = "likely" | "maybe" | "unlikely" | "cannot_say";

/**
 * How likely people find it that the giver would do it.
 */
export type RealismNumbers = { 
/**
 * Likely.
 */
likely: number, 
/**
 * Maybe.
 */
maybe: number, 
/**
 * Unlikely.
 */
unlikely: number, };

/**
 * Why something is reported.
 */
export type Reason = "insult" | "hate" | "threat" | "doxxing" | "positions" | "prisoners_or_children" | "suicide_risk" | "illegal" | "spam" | "off_topic" | "territorial" | "duplicate" | "other";

/**
 * What shows a voter that their ballot was counted: a path in the tree, and nothing of what the
 * ballot says.
 */
export type ReceiptView = { 
/**
 * The question.
 */
question: string, 
/**
 * The round.
 */
round: number, 
/**
 * The commitment to the ballot, in hexadecimal: its leaf in the tree.
 */
commitment: string, 
/**
 * Its place in the tree, from 0; `null` until the round closes.
 */
index: number | null, 
/**
 * How many ballots the tree holds.
 */
size: number | null, 
/**
 * The hashes from the leaf's sibling up to below the root, in hexadecimal.
 */
path: Array<string>, 
/**
 * The published root; `null` until the round closes.
 */
root: string | null, };

/**
 * One row of the record.
 */
export type RecordRow = { 
/**
 * A viewpoint's key, a language, or `other`.
 */
key: string, 
/**
 * Decisions that took something from somebody.
 */
decisions: number, 
/**
 * Of those, the ones appealed against.
 */
appealed: Share, 
/**
 * Of those, the ones reversed on appeal.
 */
overturned: Share, 
/**
 * How long things had waited for a decision of a moderator.
 */
waited: Median | null, };

/**
 * New recovery codes; those before are worthless.
 */
export type RecoveryCodesView = { 
/**
 * Shown this once.
 */
recovery_codes: Array<string>, };

/**
 * What became of a point.
 */
export type Relation = "kept" | "reworded" | "merged" | "split" | "dropped" | "new";

/**
 * A report, to whom made it.
 */
export type ReportView = { 
/**
 * Its id.
 */
id: string, 
/**
 * About what.
 */
object: ObjectRef, 
/**
 * Why.
 */
reason: Reason, 
/**
 * What one wrote.
 */
note: string | null, 
/**
 * When.
 */
at: number, 
/**
 * What became of it; `null` while it waits.
 */
outcome: OutcomeView | null, };

/**
 * A report, to moderators: not whose.
 */
export type ReportedView = { 
/**
 * Why.
 */
reason: Reason, 
/**
 * What they wrote.
 */
note: string | null, 
/**
 * When.
 */
at: number, };

/**
 * When a question's board shows.
 */
export type Reveal = "after_answer" | "live" | "at_close";

/**
 * A revision in a list.
 */
export type RevisionEntry = { 
/**
 * Ordinal, oldest first, from 1.
 */
number: number, 
/**
 * Its title.
 */
title: string, 
/**
 * When it was published.
 */
published_on: string, };

/**
 * A revision's points and what became of them.
 */
export type RevisionView = { 
/**
 * Ordinal, from 1.
 */
number: number, 
/**
 * Its title.
 */
title: string, 
/**
 * When it was published.
 */
published_on: string, 
/**
 * Up to when its texts were checked.
 */
as_of: string, 
/**
 * Where it comes from.
 */
introduction: string, 
/**
 * Its points.
 */
points: Array<PointText>, 
/**
 * How points of the revision before became these.
 */
lineage: Array<Lineage>, };

/**
 * What somebody is in a framework; each may do what those before it may.
 */
export type Role = "anonymous" | "member" | "participant" | "moderator" | "mediator" | "owner" | "admin";

/**
 * A card of a closed round.
 */
export type RoundCard = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its version when the round closed.
 */
version: number, 
/**
 * Its title then; `null` where the card has been taken from view since.
 */
title: string | null, 
/**
 * The title's language.
 */
language: string, 
/**
 * Its state now.
 */
state: ConcessionState, };

/**
 * A closed round in a list.
 */
export type RoundEntry = { 
/**
 * Its number, from 1.
 */
round: number, 
/**
 * When it was opened, where that is known.
 */
opened_at: number | null, 
/**
 * When it was closed.
 */
closed_at: number, 
/**
 * How many ballots were in.
 */
ballots: number, 
/**
 * The root over their commitments (RFC 6962, SHA-256), in hexadecimal.
 */
root: string, };

/**
 * What came out of a round: frozen when it closed.
 */
export type RoundView = { 
/**
 * Of which question.
 */
question: string, 
/**
 * The numbers it was counted with.
 */
rules: CountedWith, 
/**
 * The camps, as they were.
 */
camps: Array<Camp>, 
/**
 * The cards that were counted.
 */
cards: Array<RoundCard>, 
/**
 * People with at least one scoring answer, per camp; camps below the floor are absent.
 */
voters: { [key in string]: number }, 
/**
 * Ranked cards, best first.
 */
ranked: Array<RankedCard>, 
/**
 * Cards that had too few answers.
 */
waiting: Array<WaitingCard>, 
/**
 * What would unfreeze the question's point, by card: those of which it shows for some camp.
 */
unfreeze: { [key in string]: Unfreeze }, 
/**
 * Its number, from 1.
 */
round: number, 
/**
 * When it was opened, where that is known.
 */
opened_at: number | null, 
/**
 * When it was closed.
 */
closed_at: number, 
/**
 * How many ballots were in.
 */
ballots: number, 
/**
 * The root over their commitments (RFC 6962, SHA-256), in hexadecimal.
 */
root: string, };

/**
 * A rule as people are told it.
 */
export type Rule = { 
/**
 * Its id, as [`Match::rule`] names it.
 */
id: string, 
/**
 * The part of the published rule it stands for.
 */
letter: Letter, 
/**
 * What it leads to; some contexts turn a stop into a review.
 */
verdict: Verdict, 
/**
 * One sentence that explains it, in English.
 */
en: string, 
/**
 * The same in Ukrainian.
 */
uk: string, 
/**
 * The same in Russian.
 */
ru: string, };

/**
 * A sanction in force.
 */
export type SanctionView = { 
/**
 * Until when; `null`: until lifted.
 */
until: number | null, };

/**
 * How much of what its account may an API token may; each may what those before it may. A
 * browser's session may everything.
 */
export type Scope = "read" | "write" | "moderate";

/**
 * How a card stands with the scope rule.
 */
export type ScopeCaseView = { 
/**
 * Where it is.
 */
state: ConcessionState, 
/**
 * The version this is about.
 */
version: number, 
/**
 * By what it is held.
 */
held_by: HeldBy | null, 
/**
 * Since when it is held.
 */
held_at: number | null, 
/**
 * Since when it waits for a person's look; `null`: its author has not asked.
 */
queued_at: number | null, 
/**
 * The word of the list that holds it, to its author and moderators.
 */
matched: MatchedWord | null, 
/**
 * What the gate says of it today, to its author and moderators; offsets are into `terms`.
 */
scope: Judgement | null, 
/**
 * What it says, to its author and moderators.
 */
terms: ScopeTerms | null, 
/**
 * Whether the reader may say if it is about land.
 */
may_confirm: boolean, 
/**
 * What the reader said of this version: whether it is about land.
 */
said: boolean | null, 
/**
 * How long the provisional lane usually takes, in hours.
 */
usual_hours: number | null, };

/**
 * What the gate reads, as far as it is typed; nothing of it is kept.
 */
export type ScopeDraft = { 
/**
 * As in a proposal.
 */
title?: string, 
/**
 * As in a proposal.
 */
body?: string, 
/**
 * As in a proposal.
 */
in_return?: string, 
/**
 * As in a proposal.
 */
verifier?: string, 
/**
 * As in a proposal.
 */
trigger?: string, };

/**
 * The whole ledger.
 */
export type ScopeLedger = { 
/**
 * All cards.
 */
total: LedgerRow, 
/**
 * By the authors' viewpoint on the day of the proposal.
 */
camps: Array<LedgerRow>, 
/**
 * By language.
 */
languages: Array<LedgerRow>, 
/**
 * The least number of authors of a row by viewpoint.
 */
floor: number, 
/**
 * How long the provisional lane takes, in hours: the median of the last 50 cards that came
 * through.
 */
usual_hours: number | null, };

/**
 * The published rule and the rules the gate reads by.
 */
export type ScopeRulesView = { 
/**
 * The rule, word for word.
 */
rule: PublishedRule, 
/**
 * What the gate looks for.
 */
rules: Array<Rule>, };

/**
 * The fields of a card that the gate reads.
 */
export type ScopeTerms = { 
/**
 * Title.
 */
title: string, 
/**
 * Body.
 */
body: string, 
/**
 * In return.
 */
in_return: string | null, 
/**
 * Verifier.
 */
verifier: string, 
/**
 * Trigger.
 */
trigger: string | null, };

/**
 * What other ways of counting say of one ranked card.
 */
export type SecondOpinions = { 
/**
 * Approval: the share of yes by weight over all camps that show, 0 to 1.
 */
approval: number, 
/**
 * Group-informed consensus over the camps that count, 0 to 1.
 */
consensus: number, 
/**
 * Mean position among the cards a person judged, 1 best and 0 last; `null` if nobody judged
 * another card too.
 */
borda: number | null, 
/**
 * Place in the camp-balanced Schulze order of the ranked cards.
 */
schulze: Rank, };

/**
 * What a server sends.
 */
export type ServerFrame = { "type": "hello", 
/**
 * The protocol's version.
 */
v: number, 
/**
 * The node.
 */
node: string, 
/**
 * This connection.
 */
connection: string, 
/**
 * Unix milliseconds.
 */
server_time: number, 
/**
 * Milliseconds between heartbeats.
 */
heartbeat_ms: number, 
/**
 * What this server understands beyond version 1.
 */
features: Array<string>, 
/**
 * What it allows.
 */
limits: Limits, } | { "type": "subscribed", 
/**
 * The client's.
 */
ref: string, 
/**
 * Whose.
 */
framework: string, 
/**
 * Which.
 */
stream: string, 
/**
 * Its epoch.
 */
epoch: string, 
/**
 * The head (resumed) or the place of the snapshot.
 */
seq: number, 
/**
 * `resumed`: events after the client's place follow. `snapshot`: start from it.
 */
mode: Mode, 
/**
 * Why a snapshot.
 */
reason?: Why, 
/**
 * The state at `seq`.
 */
snapshot?: unknown, } | { "type": "event" } & Event | { "type": "ack", 
/**
 * The command's.
 */
id: string, 
/**
 * The stream of its last change.
 */
stream: string | null, 
/**
 * Its epoch.
 */
epoch: string | null, 
/**
 * Its place.
 */
seq: number | null, 
/**
 * Whether it had been carried out before.
 */
duplicate: boolean, 
/**
 * What it brought about.
 */
result: CommandResult, } | { "type": "nack", 
/**
 * The command's.
 */
id?: string, 
/**
 * The subscription's.
 */
ref?: string, 
/**
 * Why.
 */
problem: Problem, } | { "type": "tally", 
/**
 * Whose.
 */
framework: string, 
/**
 * Which question's.
 */
question: string, 
/**
 * Of which round.
 */
round: number, 
/**
 * How many ballot changes it holds.
 */
at_seq: number, 
/**
 * People per camp.
 */
voters: { [key in string]: number }, 
/**
 * Ranked cards.
 */
items: Array<Item>, 
/**
 * Unranked cards.
 */
waiting: Array<Waiting>, } | { "type": "presence", 
/**
 * Where.
 */
framework: string, 
/**
 * People.
 */
count: number, 
/**
 * Whether the count is rounded.
 */
approximate: boolean, 
/**
 * People per point.
 */
points: { [key in number]: number }, } | { "type": "heartbeat", 
/**
 * One per stream.
 */
heads: Array<Head>, } | { "type": "lagging", 
/**
 * Whose.
 */
framework: string, 
/**
 * Which.
 */
stream: string, } | { "type": "drain", 
/**
 * When to come back.
 */
reconnect_in_ms: number, } | { "type": "revoked", 
/**
 * Whose.
 */
framework: string, 
/**
 * Which.
 */
stream: string, };

/**
 * A session or token.
 */
export type SessionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * `browser` or `token`.
 */
kind: string, 
/**
 * A token's name.
 */
name: string | null, 
/**
 * When it began.
 */
created_at: number, 
/**
 * When it ends; `null`: when it is ended.
 */
expires_at: number | null, 
/**
 * What a token may; `null`: a browser's session, which may everything.
 */
scope: Scope | null, 
/**
 * Whether it is the one that asks.
 */
current: boolean, };

/**
 * A role given, changed or taken away.
 */
export type SetRole = { 
/**
 * Whose.
 */
account: string, 
/**
 * `moderator`, `mediator`, `owner`; `member` takes a role away, and from a participant the
 * part.
 */
role: Role, 
/**
 * The points a moderator's decisions are limited to; absent: all.
 */
points?: Array<number>, 
/**
 * The languages they are limited to, of en, uk, ru, und; absent: all.
 */
languages?: Array<string>, };

/**
 * A share with its interval.
 */
export type Share = { 
/**
 * How many.
 */
count: number, 
/**
 * Out of how many.
 */
of: number, 
/**
 * Lower end of the 80 % Wilson interval of the share.
 */
low: number, 
/**
 * Upper end.
 */
high: number, };

/**
 * A signed-in account.
 */
export type SignedInView = { 
/**
 * The account.
 */
account: AccountView, };

/**
 * A card that a text is like.
 */
export type SimilarView = { 
/**
 * The card.
 */
concession: ConcessionView, 
/**
 * How like, up to 1.
 */
score: number, };

/**
 * The site, its host and who asks.
 */
export type SiteView = { 
/**
 * The site's name.
 */
name: string, 
/**
 * Address of a logo on this server.
 */
logo: string | null, 
/**
 * A CSS colour.
 */
colour: string | null, 
/**
 * A few words of the host.
 */
intro: string | null, 
/**
 * Where the host's own site is.
 */
link_back: string | null, 
/**
 * `open`, `invitation` or `closed`.
 */
registration: string, 
/**
 * Whether posting is paused on the whole site, or in every framework.
 */
posting_paused: boolean, 
/**
 * Whether the content is labelled sample data.
 */
demo: boolean, 
/**
 * Whether roles of moderator and above hold only for accounts with a second factor.
 */
second_factor_required: boolean, 
/**
 * The server's version.
 */
version: string, 
/**
 * Who asks.
 */
you: AccountView | null, };

/**
 * Slow mode on one point.
 */
export type SlowPoint = { 
/**
 * The point's number.
 */
point: number, 
/**
 * Seconds between two posts of one account, 10 to 86,400.
 */
seconds: number, };

/**
 * Where something was reported.
 */
export type Source = { 
/**
 * Its address.
 */
url: string, 
/**
 * Who published it.
 */
outlet: string, 
/**
 * When.
 */
date: string, 
/**
 * How much of it supports the text: a key of the legend.
 */
evidence: string | null, };

/**
 * How settled a point is.
 */
export type Status = "agreed" | "largely_agreed" | "contested" | "open";

/**
 * A question's board, as much as the reader may see.
 */
export type TallyView = { 
/**
 * The question.
 */
question: string, 
/**
 * The round.
 */
round: number, 
/**
 * How many ballot changes it holds.
 */
at_seq: number, 
/**
 * The framework's epoch.
 */
epoch: string, 
/**
 * Whether nothing shows yet.
 */
hidden: boolean, 
/**
 * Why: `answer_first` or `until_close`.
 */
reason?: string, 
/**
 * Whether all cards show, not only those the reader answered.
 */
complete: boolean, 
/**
 * People per camp with at least one scoring answer; camps below the floor are absent.
 */
voters: { [key in string]: number }, 
/**
 * Ranked cards.
 */
items: Array<Item>, 
/**
 * Cards that need answers.
 */
waiting: Array<Waiting>, };

/**
 * Somebody with a role.
 */
export type TeamMember = { 
/**
 * Their account.
 */
account: string, 
/**
 * Their handle.
 */
handle: string, 
/**
 * Their display name.
 */
display_name: string | null, 
/**
 * Their role.
 */
role: Role, 
/**
 * The number by which the public log names them.
 */
alias: number | null, 
/**
 * The points their decisions are limited to; `null`: all.
 */
points: Array<number> | null, 
/**
 * The languages they are limited to; `null`: all.
 */
languages: Array<string> | null, 
/**
 * Since when they have the role, where that is known.
 */
since: number | null, };

/**
 * Who has a role in a framework, to its owner.
 */
export type TeamView = { 
/**
 * Highest role first, then by alias.
 */
items: Array<TeamMember>, 
/**
 * Whether those who moderate declared at least two different viewpoints; whose is not told to
 * anybody.
 */
two_viewpoints: boolean, 
/**
 * Whether anyone may read the framework.
 */
public: boolean, };

/**
 * What shows in a thread.
 */
export type ThreadCounters = { 
/**
 * Its id.
 */
id: string, 
/**
 * Comments.
 */
comments: number, 
/**
 * The last one's time.
 */
last_at: number, };

/**
 * A thread with a page of its comments, oldest first.
 */
export type ThreadPage = { 
/**
 * The thread.
 */
thread: ThreadView, 
/**
 * Its comments.
 */
comments: List<CommentView>, 
/**
 * The framework's epoch.
 */
epoch: string, 
/**
 * The place in `public` it was read at.
 */
seq: number, };

/**
 * Whether a thread takes comments and shows.
 */
export type ThreadState = "open" | "locked" | "hidden" | "held";

/**
 * A discussion.
 */
export type ThreadView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The framework it belongs to.
 */
framework: string, 
/**
 * The point it stands on.
 */
point: PointRef | null, 
/**
 * The card it stands under.
 */
concession: string | null, 
/**
 * Its title; empty where it may not be seen.
 */
title: string, 
/**
 * Whether it takes comments and shows.
 */
state: ThreadState, 
/**
 * Counts edits.
 */
version: number, 
/**
 * Who opened it.
 */
author: Author | null, 
/**
 * Comments that show.
 */
comments: number, 
/**
 * When the last one was posted.
 */
last_at: number, 
/**
 * When it was opened.
 */
created_at: number, 
/**
 * The thread in which its comments are, where a moderator united it with another.
 */
merged_into: string | null, };

/**
 * A card in another language.
 */
export type TranslateConcession = { 
/**
 * Which card.
 */
concession: string, 
/**
 * Its version that was translated.
 */
version: number, 
/**
 * en, uk or ru; not the card's own.
 */
language: string, 
/**
 * As in a proposal.
 */
title: string, 
/**
 * As in a proposal.
 */
body: string, 
/**
 * As in a proposal; only where the card has it.
 */
in_return?: string, 
/**
 * As in a proposal; the original shows where it is left out.
 */
verifier?: string, 
/**
 * As in a proposal; only where the card has it.
 */
trigger?: string, };

/**
 * A card in another language; what is `null` shows as in the original.
 */
export type TranslationView = { 
/**
 * Its id, to review it.
 */
id: string, 
/**
 * In one line.
 */
title: string, 
/**
 * What would be done.
 */
body: string, 
/**
 * Sanitised HTML of the body.
 */
html: string, 
/**
 * What the giver would get.
 */
in_return: string | null, 
/**
 * Who would check.
 */
verifier: string | null, 
/**
 * By when or on what event.
 */
trigger: string | null, 
/**
 * Who translated.
 */
by: Author, 
/**
 * Whether it came with imported cards.
 */
imported: boolean, 
/**
 * Whether people of two viewpoints found it true.
 */
reviewed: boolean, 
/**
 * The card's version that it translates.
 */
of_version: number, 
/**
 * Whether the card has said something else since.
 */
stale: boolean, };

/**
 * The unfreeze measure of one card and point.
 */
export type Unfreeze = { 
/**
 * Per camp.
 */
camps: { [key in string]: Difference | null }, 
/**
 * The counting camp with the lowest lower end; `null` unless every counting camp shows.
 */
least: string | null, };

/**
 * Whether one card would unfreeze the question's point.
 */
export type UnfreezeItem = { 
/**
 * The card.
 */
concession: string, 
/**
 * Per camp.
 */
camps: { [key in string]: Difference | null }, 
/**
 * The counting camp with the lowest lower end; `null` unless every counting camp shows.
 */
least: string | null, };

/**
 * What the gate makes of a proposal, from mildest to strongest.
 */
export type Verdict = "pass" | "review" | "stop";

/**
 * An earlier text of a comment.
 */
export type VersionView = { 
/**
 * Which.
 */
version: number, 
/**
 * Markdown.
 */
body: string, 
/**
 * Sanitised HTML.
 */
html: string, 
/**
 * When it was written.
 */
at: number, };

/**
 * A card that needs answers before it can be ranked.
 */
export type Waiting = { 
/**
 * The card.
 */
concession: string, 
/**
 * How many more answers each camp must give.
 */
needs: { [key in string]: number }, 
/**
 * Realism over all camps.
 */
realism: RealismNumbers, 
/**
 * Numbers per camp.
 */
camps: { [key in string]: CampNumbers | null }, };

/**
 * A card that needs answers, as published.
 */
export type WaitingCard = { 
/**
 * The card.
 */
card: string, 
/**
 * How many more answers each camp must give.
 */
needs: { [key in string]: number }, 
/**
 * Realism over all camps that show.
 */
realism: RealismNumbers, 
/**
 * Numbers per camp; `null` below the floor.
 */
camps: { [key in string]: CampNumbers | null }, };

/**
 * Why a subscription starts from a snapshot.
 */
export type Why = "first" | "epoch" | "window" | "ahead";

/**
 * What a word does to the text it stands in.
 */
export type WordEffect = "hold" | "refuse";

/**
 * One entry of the word list.
 */
export type WordRule = { 
/**
 * Words or phrases, each of which is enough; a `*` at the end of a word stands for any ending.
 */
words: Array<string>, 
/**
 * What they do.
 */
effect: WordEffect, 
/**
 * Why, told to the author.
 */
why: string, };

/**
 * The reader in a framework.
 */
export type YouView = { 
/**
 * Role here, as it is in force.
 */
role: Role, 
/**
 * Whether a role given to the reader waits until their account has a second factor.
 */
second_factor_missing: boolean, 
/**
 * The role that waits.
 */
waiting_role: Role | null, 
/**
 * Viewpoint.
 */
camp: string | null, 
/**
 * The points one's decisions are limited to; `null`: all.
 */
points: Array<number> | null, 
/**
 * The languages they are limited to; `null`: all.
 */
languages: Array<string> | null, 
/**
 * Whether the account is a standing one: its answers weigh in full, and it may confirm what is
 * not about land.
 */
standing: boolean, 
/**
 * Whether a viewpoint (or "rather not say") was chosen.
 */
joined: boolean, 
/**
 * Answers given, by question id.
 */
answered: { [key in string]: number }, 
/**
 * Whether a sanction is in force, and until when (`null`: until lifted).
 */
sanction: SanctionView | null, 
/**
 * What the pace means for the reader's next post; `null` where it means nothing.
 */
posting: PostingView | null, };
