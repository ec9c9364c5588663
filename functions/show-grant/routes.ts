/**
 * The one route of `show-grant`: what the visitor's session may see, and for an identified link who the patient is. The crosswalk
 * is asked only after session and link have said that they are identified, and what it says goes into this answer and nowhere
 * else: no log, no cache, no store.
 */
import type { Identity } from '../../shared/aws/crosswalk.ts';
import type { IndexTable, StudyRow } from '../../shared/aws/index-table.ts';
import type { GrantAnswer, GrantedStudy } from '../../shared/contract/api.ts';
import type { Audit } from '../../shared/contract/audit.ts';
import { HttpRefusal, type Route } from '../../shared/runtime/http-handler.ts';
import { checkSession, SESSION_COOKIE, type SessionPorts } from '../../shared/runtime/link-session.ts';
import { factsOf } from '../../shared/runtime/visit.ts';
import { readableName } from './person-name.ts';

export interface ShowGrantPorts {
  readonly sessions: SessionPorts;
  readonly audit: Audit;
  readonly index: Pick<IndexTable, 'studies'>;
  /** Who the patient of a study is; undefined where that is not known. */
  identityOf(study: string): Promise<Identity | undefined>;
}

/** The route over the ports. */
export function showGrantRoutes({ sessions, audit, index, identityOf }: ShowGrantPorts): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/grant',
      answer: async (request) => {
        const session = await checkSession(request.cookie(SESSION_COOKIE), sessions);
        if (!session) throw new HttpRefusal(401, 'no-session');
        const { study } = session;
        if (session.identified)
          await audit({ ...factsOf(session, request), kind: 'view', study, identified: true });
        const [rows, identity] = await Promise.all([
          index.studies([...session.studies]),
          session.identified ? identityOf(study) : undefined,
        ]);
        const body: GrantAnswer = {
          study,
          studies: session.studies.map((each) => grantedStudy(each, rows)),
          identified: session.identified,
          ...(session.identified ? { patient: patientOf(identity) } : {}),
          linkExpiresAt: session.linkExpiresAt,
          sessionExpiresAt: session.expiresAt,
        };
        return { status: 200, body };
      },
    },
  ];
}

function patientOf(identity: Identity | undefined): NonNullable<GrantAnswer['patient']> {
  return { name: readableName(identity?.patientName ?? ''), birthDate: identity?.patientBirthDate || null };
}

function grantedStudy(study: string, rows: readonly StudyRow[]): GrantedStudy {
  const found = rows.find((row) => row.study === study)?.rollUp?.attributes ?? '{}';
  const attributes = JSON.parse(found) as Record<string, { Value?: unknown[] } | undefined>;
  const texts = (tag: string) => (attributes[tag]?.Value ?? []).filter((value) => typeof value === 'string');
  return {
    studyInstanceUid: study,
    studyDate: texts('00080020')[0] ?? null,
    studyDescription: texts('00081030')[0] ?? null,
    modalities: texts('00080061'),
  };
}
