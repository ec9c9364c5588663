/** Function URLs, each on a port of its own. */
import { serveFunctionUrl } from '../http/function-url.ts';
import { listen } from '../http/listen.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Declared, Made } from '../template/resource.ts';
import { readCors } from './cors.ts';
import { stableId } from './names.ts';
import type { Family, Platform } from './platform.ts';

export const functionUrlResources: Family = (platform) => ({
  'AWS::Lambda::Url': (declared) => makeUrl(declared, platform),
});

async function makeUrl({ logicalId, physicalName, properties }: Declared, platform: Platform): Promise<Made> {
  const target = properties.text('TargetFunctionArn');
  const host = platform.functions.get(target);
  if (host === undefined) throw new TemplateError(`${logicalId}: there is no function ${target}`);
  const id = stableId(physicalName, 32);
  const domainName = `${id}.lambda-url.${platform.region}.on.aws`;
  const { account, credentials, authority } = platform;
  const serve = serveFunctionUrl(
    {
      id,
      domainName,
      function: host,
      authType: properties.text('AuthType') as 'NONE' | 'AWS_IAM',
      streams: properties.text('InvokeMode', 'BUFFERED') === 'RESPONSE_STREAM',
      cors: properties.has('Cors') ? readCors(properties.at('Cors')) : undefined,
    },
    { account, credentials, authorize: authority.authorize, anonymous: authority.service('anonymous', '*') },
  );
  const listener = await listen((request, response) => {
    serve(request, response).catch((error: unknown) => {
      platform.onFault(error);
      response.destroy();
    });
  });
  platform.listeners.push(listener);
  platform.addresses.add(domainName, listener.address);
  return { ref: target, attributes: { FunctionArn: target, FunctionUrl: `https://${domainName}/` } };
}
