/**
 * The HTTP API. Staff routes stand twice: as they are they ask for a signature of an IAM identity, below `/staff/api` for a JWT of
 * the issuer; link routes are public and judged by their token.
 * The access log holds the route, never the path or the query: a path names a study and a link.
 */
import { Duration, Fn } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  CorsHttpMethod,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { STAFF_API } from '../../shared/contract/roles.ts';
import { acknowledge } from './acknowledge.ts';
import type { Monitoring } from './monitoring.ts';
import type { PipelineFunction } from './pipeline-function.ts';
import type { ServiceLogs } from './service-logs.ts';

export interface LinkApiProps {
  readonly logs: ServiceLogs;
  readonly monitoring: Monitoring;
  /** Requests a second over all routes; twice as many at once. */
  readonly requestsPerSecond: number;
  /** Attempts a second to open a link: what bounds guessing beside the token's length. */
  readonly openRequestsPerSecond: number;
  /** Origins of viewers that are served elsewhere and may ask from a browser. */
  readonly viewerOrigins: readonly string[];
}

/** Headers of answers that a viewer of another origin may read. */
const EXPOSED = ['content-range', 'etag', 'location', 'retry-after', 'warning'];

/** `GET /links`. */
type Route = readonly [method: HttpMethod, path: string];

/** Who signs tokens, and for whom. */
export interface TokenCheck {
  readonly issuer: string;
  readonly audience: string;
}

export class LinkApi extends Construct {
  readonly #api: HttpApi;
  readonly #signed = new HttpIamAuthorizer();
  readonly #public = new HttpNoneAuthorizer();
  #bearer: HttpJwtAuthorizer | undefined;

  constructor(scope: Construct, id: string, props: LinkApiProps) {
    super(scope, id);
    this.#api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      description: 'Filmroom: uploads, links, DICOMweb',
      ...(props.viewerOrigins.length === 0
        ? {}
        : {
            // Without credentials: a viewer of another origin bears a token, and a link's cookie is never sent along.
            corsPreflight: {
              allowOrigins: [...props.viewerOrigins],
              allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.HEAD, CorsHttpMethod.POST],
              allowHeaders: ['authorization', 'accept', 'content-type', 'if-none-match', 'range'],
              exposeHeaders: EXPOSED,
              maxAge: Duration.hours(1),
            },
          }),
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      autoDeploy: true,
      throttle: { rateLimit: props.requestsPerSecond, burstLimit: 2 * props.requestsPerSecond },
      accessLogSettings: {
        destination: new LogGroupLogDestination(props.logs.group(this, 'AccessLogs')),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTime',
            route: '$context.routeKey',
            status: '$context.status',
            bytes: '$context.responseLength',
            milliseconds: '$context.responseLatency',
            address: '$context.identity.sourceIp',
            caller: '$context.identity.userArn',
            error: '$context.integrationErrorMessage',
          }),
        ),
      },
    });
    const settings = stage.node.defaultChild as CfnStage;
    // A map of the document itself: CloudFormation reads it as JSON and keeps the case of its keys.
    const slow = {
      ThrottlingRateLimit: props.openRequestsPerSecond,
      ThrottlingBurstLimit: 2 * props.openRequestsPerSecond,
    };
    // What guesses, and what writes to the audit each time it is asked.
    settings.routeSettings = { 'POST /api/open': slow, 'POST /api/printed': slow };
    props.monitoring.watch({
      path: 'api/server-errors',
      severity: 'low',
      metric: this.#api.metricServerError({ statistic: 'Sum' }),
      threshold: 0,
      periods: 3,
    });
  }

  /** Base address. */
  get url(): string {
    return this.#api.apiEndpoint;
  }

  /** Host name, for a distribution that stands before the API. */
  get hostName(): string {
    return Fn.select(2, Fn.split('/', this.#api.apiEndpoint));
  }

  /**
   * Routes for staff: with the signature of an identity that may `execute-api:Invoke`, and below the root of staff with a JWT that the
   * issuer has signed for the audience. The gateway checks either; which role a route needs is for the function to know.
   */
  staff(reader: PipelineFunction, routes: readonly Route[], { issuer, audience }: TokenCheck): this {
    this.#bearer ??= new HttpJwtAuthorizer('Staff', issuer, { jwtAudience: [audience] });
    this.#add(reader, routes, this.#signed);
    const below = routes.map(([method, path]) => [method, `${STAFF_API}${path}`] as const);
    this.#add(reader, below, this.#bearer);
    return this;
  }

  /** Routes for whoever holds a link or an upload token. */
  public(reader: PipelineFunction, routes: readonly Route[]): this {
    for (const route of this.#add(reader, routes, this.#public)) {
      acknowledge(route, {
        'AwsSolutions-APIG4':
          'Who opens a link or sends an upload has no account here: the function checks the token, or the session made from it, its scope, expiry and revocation at each request, and the stage throttles guesses.',
      });
    }
    return this;
  }

  #add(reader: PipelineFunction, routes: readonly Route[], authorizer: IHttpRouteAuthorizer) {
    const integration = new HttpLambdaIntegration(`${reader.name}Integration`, reader.handler, {
      // A policy of a function has 20 KB, and a statement for each of its routes comes to more.
      scopePermissionToRoute: false,
    });
    return routes.flatMap(([method, path]) =>
      this.#api.addRoutes({ path, methods: [method], integration, authorizer }),
    );
  }
}
