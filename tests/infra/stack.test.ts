/** Everything that is asked of the stack's template: in one file, because to load CDK takes longer than all the questions. */
import './stack/documents.ts';
import './stack/invariants.ts';
import './stack/permissions.ts';
import './stack/reads.ts';
import './stack/settings.ts';
import './stack/vault.ts';
