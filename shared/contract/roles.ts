/**
 * What staff may do, and where they find the API. A role gives what it names and nothing else: who should do two things has two
 * roles. Import-free: the stack makes a group of each, the functions ask for them.
 */
export const ROLES = ['upload', 'read', 'share', 'identify', 'administer'] as const;
export type Role = (typeof ROLES)[number];

/** What each is for, as the console shows it. */
export const ROLE_PURPOSES: Readonly<Record<Role, string>> = {
  upload: 'sends studies and reads the reports of uploads, which name files',
  read: 'searches and reads de-identified studies by DICOMweb',
  share: 'makes, lists and revokes links, and sees how often each was opened',
  identify: 'makes links that show the name of the patient',
  administer: 'makes, lists and revokes upload tokens',
};

/** The root of what staff call with a JWT. The same path without it asks for a signature of AWS. */
export const STAFF_API = '/staff/api';
/** The page of staff, where the issuer sends them back to. */
export const STAFF_PAGE = '/staff';
/** Where the page reads by whom it signs in. */
export const STAFF_SIGN_IN = '/staff/sign-in.json';
/** The claim in which Cognito names a user's groups. */
export const COGNITO_ROLES_CLAIM = 'cognito:groups';
