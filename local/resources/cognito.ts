/** User pools, the groups, clients and domains of them. The host of all issuers is one, as in AWS; a domain has one of its own. */
import { serveDomain, serveIssuers } from '../cognito/serve-domain.ts';
import { createUserPool, type PoolClient, type UserPool } from '../cognito/user-pool.ts';
import { listen } from '../http/listen.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';
import type { Declared } from '../template/resource.ts';
import { stableId, titleOf } from './names.ts';
import type { Family, Platform } from './platform.ts';

/** Seconds of the units that a client counts the life of its tokens in. */
const UNITS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

export const cognitoResources: Family = (platform) => {
  const { account, region, addresses, userPools } = platform;
  const host = `cognito-idp.${region}.amazonaws.com`;
  const domains = new Map<UserPool, string>();
  const issuers = async () => {
    const known = addresses.find(host);
    if (known !== undefined) return known;
    const address = await answer(
      platform,
      serveIssuers(userPools, (pool) => domains.get(pool) ?? ''),
    );
    addresses.add(host, address);
    return address;
  };
  const poolOf = ({ logicalId, properties }: Declared): UserPool => {
    const pool = userPools.get(properties.text('UserPoolId'));
    if (pool === undefined) throw new TemplateError(`${logicalId}: there is no user pool`);
    return pool;
  };
  return {
    'AWS::Cognito::UserPool': async ({ logicalId, physicalName }) => {
      const id = `${region}_${stableId(physicalName, 9)}`;
      const issuer = `${await issuers()}/${id}`;
      userPools.set(id, createUserPool({ id, logicalId: titleOf(logicalId), issuer }));
      return {
        ref: id,
        attributes: {
          Arn: `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`,
          ProviderName: `${host}/${id}`,
          ProviderURL: `https://${host}/${id}`,
          UserPoolId: id,
        },
      };
    },
    'AWS::Cognito::UserPoolGroup': (declared) => {
      const name = declared.properties.text('GroupName', declared.physicalName);
      poolOf(declared).groups.add(name);
      return { ref: name };
    },
    'AWS::Cognito::UserPoolClient': (declared) => {
      const client = readClient(declared);
      poolOf(declared).clients.set(client.id, client);
      return { ref: client.id, attributes: { ClientId: client.id, Name: declared.physicalName } };
    },
    'AWS::Cognito::UserPoolDomain': async (declared) => {
      const pool = poolOf(declared);
      const name = declared.properties.text('Domain');
      const address = await answer(platform, serveDomain(pool));
      domains.set(pool, address);
      addresses.add(`${name}.auth.${region}.amazoncognito.com`, address);
      return { ref: name };
    },
  };
};

async function answer(platform: Platform, serve: ReturnType<typeof serveDomain>): Promise<string> {
  const listener = await listen((request, response) => {
    serve(request, response).catch((error: unknown) => {
      platform.onFault(error);
      response.destroy();
    });
  });
  platform.listeners.push(listener);
  return listener.address;
}

function readClient({ logicalId, physicalName, properties }: Declared): PoolClient {
  if (properties.flag('GenerateSecret'))
    throw new TemplateError(`${logicalId}: clients with a secret are not known to the local run`);
  return {
    id: stableId(physicalName, 26),
    callbackUrls: properties.texts('CallbackURLs'),
    logoutUrls: properties.texts('LogoutURLs'),
    scopes: properties.texts('AllowedOAuthScopes'),
    flows: properties.texts('AllowedOAuthFlows'),
    accessTokenSeconds: life(properties, 'AccessToken', 'hours', 1),
    idTokenSeconds: life(properties, 'IdToken', 'hours', 1),
    refreshTokenSeconds: life(properties, 'RefreshToken', 'days', 30),
    rotates: properties.at('RefreshTokenRotation').text('Feature', '') === 'ENABLED',
  };
}

function life(properties: Properties, token: string, usual: string, otherwise: number): number {
  const unit = properties.at('TokenValidityUnits').text(token, usual);
  return properties.number(`${token}Validity`, otherwise) * (UNITS[unit] ?? Number.NaN);
}
