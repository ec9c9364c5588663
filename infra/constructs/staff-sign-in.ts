/**
 * Who staff are: a user pool of the deployment, or the issuer (OpenID Connect) that the hospital has. Either signs JWTs, and a claim
 * of them names roles. Nobody signs up by themselves, a second factor is asked for, and the page is a public client: authorization
 * code with PKCE, no secret.
 */
import { CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolDomain,
  UserPoolGroup,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import { COGNITO_ROLES_CLAIM, ROLE_PURPOSES, ROLES } from '../../shared/contract/roles.ts';

/** An issuer that is not ours. */
export interface OwnIssuer {
  /** As tokens name it; its discovery document and its keys are below it. */
  readonly issuer: string;
  /** The `aud` of tokens for this API. */
  readonly audience: string;
  /** The page, as the issuer knows it: a public client with PKCE. */
  readonly clientId: string;
  /** Scopes that the page asks for, as the issuer needs them to sign such a token. */
  readonly scope: string;
  /** The claim that holds roles: text, or a list of texts. */
  readonly rolesClaim: string;
}

export interface StaffSignInProps {
  /** @default - a user pool of the deployment */
  readonly issuer?: OwnIssuer;
}

/** What the API checks tokens by, and what the page signs in by (`web/staff-page/sign-in.ts`). */
export interface SignIn {
  readonly issuer: string;
  readonly audience: string;
  readonly page: Readonly<Record<string, string>>;
}

export class StaffSignIn extends Construct {
  /** The claim that names roles. */
  readonly rolesClaim: string;
  readonly #own: OwnIssuer | undefined;
  readonly #pool: UserPool | undefined;
  readonly #domain: UserPoolDomain | undefined;

  constructor(scope: Construct, id: string, props: StaffSignInProps) {
    super(scope, id);
    this.#own = props.issuer;
    this.rolesClaim = props.issuer?.rolesClaim ?? COGNITO_ROLES_CLAIM;
    if (props.issuer) return;
    this.#pool = this.#makePool();
    const { account, stackName } = Stack.of(this);
    this.#domain = this.#pool.addDomain('Domain', {
      // One name in a whole region: the account makes it this one's.
      cognitoDomain: { domainPrefix: `${stackName.toLowerCase().slice(0, 48)}-${account}` },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    new CfnOutput(Stack.of(this), OUTPUTS.userPool, { value: this.#pool.userPoolId });
  }

  /** The origin that the page asks for tokens. */
  get tokenOrigin(): string {
    if (this.#own) return new URL(this.#own.issuer).origin;
    return (this.#domain as UserPoolDomain).baseUrl();
  }

  /** Makes the page at the address a client of the issuer. */
  page(address: string): SignIn {
    if (this.#own) {
      const { issuer, audience, clientId, scope } = this.#own;
      return { issuer, audience, page: { issuer, clientId, scope, rolesClaim: this.rolesClaim } };
    }
    const pool = this.#pool as UserPool;
    const client = pool.addClient('Page', {
      generateSecret: false,
      // The page signs in at the issuer; none of the flows of the API takes a password alone.
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [address],
        logoutUrls: [address],
      },
      accessTokenValidity: Duration.minutes(30),
      idTokenValidity: Duration.minutes(30),
      // A working day; the page holds it in memory alone, and a signed-out or disabled user's is revoked.
      refreshTokenValidity: Duration.hours(10),
      refreshTokenRotationGracePeriod: Duration.seconds(0),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
    new CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: pool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    const at = this.tokenOrigin;
    return {
      issuer: Fn.join('', ['https://', pool.userPoolProviderName]),
      audience: client.userPoolClientId,
      page: {
        authorizationEndpoint: `${at}/oauth2/authorize`,
        tokenEndpoint: `${at}/oauth2/token`,
        logoutEndpoint: `${at}/logout`,
        clientId: client.userPoolClientId,
        scope: 'openid',
        rolesClaim: this.rolesClaim,
      },
    };
  }

  #makePool(): UserPool {
    const pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      // The name by which Cognito knows a user is drawn by chance: no token and no audit says who it is.
      signInAliases: { email: true },
      keepOriginal: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.REQUIRED,
      // No text messages: a number can be taken over, and they cost.
      mfaSecondFactor: { otp: true, sms: false },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const role of ROLES)
      new UserPoolGroup(this, `Group${role}`, {
        userPool: pool,
        groupName: role,
        description: ROLE_PURPOSES[role],
      });
    return pool;
  }
}
