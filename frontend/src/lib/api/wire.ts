/** The generated types under the names the app uses. */
import type * as g from './types';

export type {
  Acceptance,
  AnswerView as Answer,
  Author,
  BallotView as Ballot,
  Camp,
  CampNumbers,
  Category,
  CommandResult,
  CommentKind,
  CommentView as Comment,
  ConcessionView as Concession,
  DealView as Deal,
  DecisionView as Decision,
  Fault,
  FrameworkView as FrameworkDetail,
  FrameworkEntry,
  HeldBack,
  HostPage,
  Item as TallyItem,
  Lineage,
  MembershipView as Membership,
  MeView as Me,
  NewAccountView as NewAccount,
  NewTokenView as NewToken,
  Page,
  PointEntry,
  PointView as PointDetail,
  Position,
  PostsView as Posts,
  QuestionView as Question,
  Realism,
  RealismNumbers,
  Reason,
  RevisionView as Revision,
  SessionView as Session,
  SignedInView as SignedIn,
  SiteView as Site,
  Source,
  Status as PointStatus,
  TallyView as Tally,
  ThreadPage,
  ThreadView as Thread,
  VersionView as CommentVersion,
  Waiting,
  YouView as You,
} from './types';

export type Lang = keyof g.Localized;
export type Names = g.Localized;
export type ProblemBody = Omit<g.Problem, 'code' | 'title'> & { code: string; title?: string };
/** What a report or a decision is about. */
export type ObjectRef = { kind: g.Kind; id: string };
export type QueueItem = Omit<g.QueueItem, 'object'> & { object: ObjectRef };
export type LogEntry = Omit<g.DecisionView, 'object'> & { object: ObjectRef | null };
export type Action = g.Act;
