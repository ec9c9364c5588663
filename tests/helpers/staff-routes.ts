/** What staff may call, as it is deployed: of each route the function behind it and the role it is for. */
import type { Role } from '../../shared/contract/roles.ts';

export type StaffFunction = 'uploads' | 'links' | 'read-audit' | 'dicomweb' | 'store-instances';

export const STAFF_ROUTES: readonly (readonly [key: string, handler: StaffFunction, role: Role])[] = [
  ['POST /uploads', 'uploads', 'upload'],
  ['POST /uploads/{upload}/objects', 'uploads', 'upload'],
  ['POST /uploads/{upload}/standing', 'uploads', 'upload'],
  ['POST /uploads/{upload}/parts/begin', 'uploads', 'upload'],
  ['POST /uploads/{upload}/parts/urls', 'uploads', 'upload'],
  ['POST /uploads/{upload}/parts/standing', 'uploads', 'upload'],
  ['POST /uploads/{upload}/parts/finish', 'uploads', 'upload'],
  ['POST /uploads/{upload}/parts/abandon', 'uploads', 'upload'],
  ['POST /uploads/{upload}/manifest', 'uploads', 'upload'],
  ['POST /uploads/{upload}/close', 'uploads', 'upload'],
  ['GET /uploads/{upload}', 'uploads', 'upload'],
  ['GET /uploads/{upload}/items', 'uploads', 'upload'],
  ['GET /uploads/{upload}/missing', 'uploads', 'upload'],
  ['POST /upload-tokens', 'uploads', 'administer'],
  ['GET /upload-tokens', 'uploads', 'administer'],
  ['DELETE /upload-tokens/{token}', 'uploads', 'administer'],
  ['POST /links', 'links', 'share'],
  ['POST /identified-links', 'links', 'identify'],
  ['GET /links', 'links', 'share'],
  ['DELETE /links/{link}', 'links', 'share'],
  ['GET /links/{link}/events', 'read-audit', 'share'],
  ['GET /dicomweb/{proxy+}', 'dicomweb', 'read'],
  ['HEAD /dicomweb/{proxy+}', 'dicomweb', 'read'],
  ['POST /dicomweb/studies', 'store-instances', 'upload'],
  ['POST /dicomweb/studies/{study}', 'store-instances', 'upload'],
];
