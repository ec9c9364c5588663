/** CORS settings of a template: an HTTP API and a function URL name them alike. */
import type { CorsSettings } from '../http/cors.ts';
import type { Properties } from '../template/properties.ts';

export function readCors(config: Properties): CorsSettings {
  return {
    allowOrigins: config.texts('AllowOrigins'),
    allowMethods: config.texts('AllowMethods'),
    allowHeaders: config.texts('AllowHeaders'),
    exposeHeaders: config.texts('ExposeHeaders'),
    allowCredentials: config.flag('AllowCredentials'),
    maxAge: config.number('MaxAge', undefined),
  };
}
