/** What a resource of a template is to the code that makes it. */
import type { Properties } from './properties.ts';

/** A resource to be made, its properties resolved. */
export interface Declared {
  readonly logicalId: string;
  readonly type: string;
  readonly stack: string;
  readonly properties: Properties;
  /** The name it gets when the template gives none: the same on every start. */
  readonly physicalName: string;
}

/** What references to a made resource resolve to. */
export interface Made {
  /** `Ref`. */
  readonly ref: string;
  /** `Fn::GetAtt`, by attribute. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Makes resources of one type. */
export type Maker = (declared: Declared) => Made | Promise<Made>;
