/** Who may call what over HTTP: staff with a JWT or a signature, a hospital with its token, whoever holds a link. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { LinkApi, TokenCheck } from './constructs/link-api.ts';
import type { PipelineFunction } from './constructs/pipeline-function.ts';

const { GET, POST, DELETE } = HttpMethod;

/** The functions that answer. */
export interface Readers {
  readonly uploads: PipelineFunction;
  readonly links: PipelineFunction;
  readonly readAudit: PipelineFunction;
  readonly showGrant: PipelineFunction;
  readonly dicomweb: PipelineFunction;
  readonly storeInstances: PipelineFunction;
  readonly render: PipelineFunction;
}

/** Gives each function its routes. */
export function route(api: LinkApi, readers: Readers, tokens: TokenCheck): void {
  const { uploads, links, readAudit, showGrant, dicomweb, storeInstances, render } = readers;
  api
    .staff(
      uploads,
      [
        ...uploadRoutes(''),
        [POST, '/upload-tokens'],
        [GET, '/upload-tokens'],
        [DELETE, '/upload-tokens/{token}'],
      ],
      tokens,
    )
    .public(uploads, uploadRoutes('/api'))
    .staff(
      links,
      [
        [POST, '/links'],
        [POST, '/identified-links'],
        [GET, '/links'],
        [DELETE, '/links/{link}'],
      ],
      tokens,
    )
    .staff(readAudit, [[GET, '/links/{link}/events']], tokens)
    .staff(
      dicomweb,
      [
        [GET, '/dicomweb/{proxy+}'],
        [HttpMethod.HEAD, '/dicomweb/{proxy+}'],
      ],
      tokens,
    )
    .staff(
      storeInstances,
      [
        [POST, '/dicomweb/studies'],
        [POST, '/dicomweb/studies/{study}'],
      ],
      tokens,
    )
    .public(links, [
      [POST, '/api/open'],
      [POST, '/api/printed'],
      [POST, '/api/segment'],
      [GET, '/api/study'],
      [GET, '/api/previews/{series}/{instance}'],
      [GET, '/api/sprites/{series}/{sprite}'],
      [GET, '/api/reports/{series}/{instance}'],
      [GET, '/api/contact-sheet'],
    ])
    .public(showGrant, [[GET, '/api/grant']])
    .public(render, [[GET, '/api/pictures/{series}/{instance}']]);
}

/** What who sends an upload calls: staff with a signature, a hospital with its token. */
function uploadRoutes(base: '' | '/api'): (readonly [HttpMethod, string])[] {
  const upload = `${base}/uploads/{upload}`;
  const posts = ['objects', 'standing', 'manifest', 'close'];
  const parts = ['begin', 'urls', 'standing', 'finish', 'abandon'];
  return [
    [POST, `${base}/uploads`],
    ...posts.map((name) => [POST, `${upload}/${name}`] as const),
    ...parts.map((name) => [POST, `${upload}/parts/${name}`] as const),
    [GET, upload],
    [GET, `${upload}/items`],
    [GET, `${upload}/missing`],
  ];
}
