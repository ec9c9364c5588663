/** Stands in for xmlbuilder2, by which the graphics library reads meshes written as XML; no image of this page is one. */
export function create(): never {
  throw new Error('XML is not read here');
}
export const convert = create;
export const builder = create;
