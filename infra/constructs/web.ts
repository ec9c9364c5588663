/**
 * The pages and what they call, behind one origin: pages from a bucket, `/api` and `/staff/api` from the HTTP API, `/download` and
 * DICOMweb of links from streaming function URLs. Nothing that belongs to a study is cached, and the pages may load from nowhere else.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin, HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { STAFF_API, STAFF_PAGE, STAFF_SIGN_IN } from '../../shared/contract/roles.ts';
import { acknowledge } from './acknowledge.ts';
import type { LinkApi } from './link-api.ts';
import type { PipelineFunction } from './pipeline-function.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { ServiceLogs } from './service-logs.ts';
import type { SignIn, StaffSignIn } from './staff-sign-in.ts';

export interface WebProps {
  /** The folder of the built pages. */
  readonly pages: string;
  readonly api: LinkApi;
  /** Where the upload page sends files. */
  readonly uploadsTo: IBucket;
  /** Streams a study as one archive. */
  readonly download: PipelineFunction;
  /** Who staff are. */
  readonly staff: StaffSignIn;
  /** Days that a link lives, for what the page of staff offers. */
  readonly linkDays: { readonly usual: number; readonly longest: number };
  /** Streams DICOMweb of a link. */
  readonly linkDicomweb: PipelineFunction;
  readonly logs: ServiceLogs;
  /** Where requests to buckets are logged. */
  readonly accessLogs: PrivateBucket;
  /** Days the log of requests is kept. */
  readonly accessLogDays: number;
  /** A name of one's own and the certificate for it. @default - the name that CloudFront gives */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
}

/** The pages load from their own origin alone; the upload page sends to one bucket as well, staff's asks their issuer for tokens. */
const contentSecurityPolicy = (sendsTo: readonly string[] = []) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    // Films of the study, or put into another container by the page; documents that it has fetched, in the browser's own viewer.
    "media-src 'self' blob:",
    'frame-src blob:',
    `connect-src ${["'self'", ...sendsTo].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');

/** People are given an address without an ending; the bucket's key has one, by which it gets its media type. */
const PAGES = `function handler(event) {
  var page = /^\\/(upload|staff)\\/?$/.exec(event.request.uri);
  if (page) event.request.uri = '/' + page[1] + '.html';
  return event.request;
}`;

/** A function knows its own host name alone; the URLs in its answers bear the one that was asked. */
const VISITOR_HOST = `function handler(event) {
  event.request.headers['filmroom-host'] = { value: event.request.headers.host.value };
  return event.request;
}`;

export class Web extends Construct {
  /** Origin of the pages. */
  readonly url: string;
  /** How staff sign in to the page. */
  readonly signIn: SignIn;

  constructor(scope: Construct, id: string, props: WebProps) {
    super(scope, id);
    const bucket = new PrivateBucket(this, 'Pages', { accessLogs: props.accessLogs });
    const requestLogs = new PrivateBucket(this, 'RequestLogs', {
      // CloudFront writes its log with an ACL.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      expires: [{ id: 'old-logs', expiration: Duration.days(props.accessLogDays) }],
    });
    const streamed = ({ handler }: PipelineFunction) =>
      FunctionUrlOrigin.withOriginAccessControl(
        handler.addFunctionUrl({
          authType: FunctionUrlAuthType.AWS_IAM,
          invokeMode: InvokeMode.RESPONSE_STREAM,
        }),
      );
    const shared = {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: this.#securityHeaders('SecurityHeaders', contentSecurityPolicy()),
    };
    const pages = { ...shared, origin: S3BucketOrigin.withOriginAccessControl(bucket), compress: true };
    const answered = {
      ...shared,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // The origins know themselves by their own host name.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    const named = {
      eventType: FunctionEventType.VIEWER_REQUEST,
      function: new EdgeFunction(this, 'PageNames', {
        code: FunctionCode.fromInline(PAGES),
        runtime: FunctionRuntime.JS_2_0,
        comment: 'Filmroom: /upload and /staff are pages',
      }),
    };
    const dicomweb = {
      ...answered,
      origin: streamed(props.linkDicomweb),
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: new EdgeFunction(this, 'VisitorHost', {
            code: FunctionCode.fromInline(VISITOR_HOST),
            runtime: FunctionRuntime.JS_2_0,
            comment: 'Filmroom: DICOMweb of a link is told by which name it was asked',
          }),
        },
      ],
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Filmroom: the link page',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      logBucket: requestLogs,
      logIncludesCookies: false,
      defaultBehavior: pages,
      additionalBehaviors: {
        '/upload*': {
          ...pages,
          responseHeadersPolicy: this.#securityHeaders(
            'UploadSecurityHeaders',
            contentSecurityPolicy([`https://${props.uploadsTo.bucketRegionalDomainName}`]),
          ),
          functionAssociations: [named],
        },
        [`${STAFF_API}/*`]: {
          ...answered,
          origin: new HttpOrigin(props.api.hostName),
          allowedMethods: AllowedMethods.ALLOW_ALL,
        },
        [`${STAFF_PAGE}*`]: {
          ...pages,
          responseHeadersPolicy: this.#securityHeaders(
            'StaffSecurityHeaders',
            contentSecurityPolicy([props.staff.tokenOrigin]),
          ),
          functionAssociations: [named],
        },
        // The first pattern that fits is taken: these stand before the rest of the API.
        '/api/dicomweb/*': dicomweb,
        '/api/s/*': { ...dicomweb, allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS },
        '/api/*': {
          ...answered,
          origin: new HttpOrigin(props.api.hostName),
          allowedMethods: AllowedMethods.ALLOW_ALL,
        },
        '/download/*': { ...answered, origin: streamed(props.download) },
      },
      ...(props.domain
        ? {
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
            domainNames: [props.domain.name],
            certificate: Certificate.fromCertificateArn(this, 'Certificate', props.domain.certificateArn),
          }
        : {}),
    });
    this.url = `https://${props.domain?.name ?? distribution.distributionDomainName}`;
    acknowledge(distribution, {
      'AwsSolutions-CFR1':
        'A referring doctor may be anywhere; which countries may not is for the hospital to say.',
      'AwsSolutions-CFR2':
        'Pages are static, what they call is throttled and takes only tokens of 128 bits. A web ACL costs by request and is attached by the account that wants it.',
    });
    if (!props.domain) {
      acknowledge(distribution, {
        'AwsSolutions-CFR4':
          'CloudFront’s own name comes with CloudFront’s own certificate and protocol list. With domainName and certificateArn the minimum is TLS 1.2.',
      });
    }
    this.signIn = props.staff.page(`${this.url}${STAFF_PAGE}`);
    this.#deploy(props, bucket, distribution);
  }

  #securityHeaders(id: string, policy: string): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, id, {
      comment: 'Filmroom: no other origin, no inline script, no frame',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: policy, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(730),
          includeSubdomains: true,
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: [
          {
            header: 'Permissions-Policy',
            value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
            override: true,
          },
          { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
          { header: 'Cross-Origin-Resource-Policy', value: 'same-origin', override: true },
          { header: 'X-Robots-Tag', value: 'noindex', override: true },
        ],
      },
    });
  }

  #deploy(props: WebProps, bucket: PrivateBucket, distribution: Distribution): void {
    const deployment = new BucketDeployment(this, 'Deployment', {
      sources: [
        Source.asset(props.pages),
        Source.jsonData(STAFF_SIGN_IN.slice(1), { ...this.signIn.page, linkDays: props.linkDays }),
      ],
      destinationBucket: bucket,
      distribution,
      cacheControl: [CacheControl.fromString('public, max-age=300, must-revalidate')],
      logGroup: props.logs.group(this, 'DeploymentLogs'),
      memoryLimit: 256,
    });
    const copier = deployment.handlerRole.node.scope;
    if (!copier) throw new Error('The function that copies the pages stands in no tree');
    const [pagesId] = Stack.of(this).resolve(bucket.bucketArn)['Fn::GetAtt'] as [string];
    const itsPolicy =
      'CDK’s own copier of assets, called by deployments alone: it reads the assets of the bootstrap bucket, writes the bucket of public pages, and knows neither vault nor library.';
    const itsActions = ['s3:GetBucket*', 's3:GetObject*', 's3:List*', 's3:DeleteObject*', 's3:Abort*'];
    const assets = 'arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*';
    const basicExecution = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    acknowledge(copier, {
      [`AwsSolutions-IAM4[Policy::${basicExecution}]`]: itsPolicy,
      'HIPAA.Security-IAMNoInlinePolicy': itsPolicy,
      ...Object.fromEntries(itsActions.map((action) => [`AwsSolutions-IAM5[Action::${action}]`, itsPolicy])),
      [`AwsSolutions-IAM5[Resource::${assets}]`]: itsPolicy,
      [`AwsSolutions-IAM5[Resource::<${pagesId}.Arn>/*]`]: itsPolicy,
      'AwsSolutions-IAM5[Resource::*]':
        'Invalidations of the distribution: CDK names no distribution there, and an invalidation discloses and changes nothing.',
      'AwsSolutions-L1': 'The runtime is the one that CDK tests its copier on; it moves with CDK.',
      'HIPAA.Security-LambdaConcurrency': 'It runs once a deployment.',
      'HIPAA.Security-LambdaDLQ': 'CloudFormation calls it and waits: a failure fails the deployment.',
      'HIPAA.Security-LambdaInsideVPC': 'It copies public pages from S3 to S3.',
    });
  }
}
